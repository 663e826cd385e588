import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeCluster } from '../../../cluster/objects/describe-cluster.js';
import { ownApps } from '../../../cluster/objects/own-apps.js';
import { portConflict } from '../../../cluster/objects/port-conflict.js';
import { removeApps } from '../../../cluster/objects/remove-apps.js';
import { containersOf } from '../../../targets/common/container-states.js';
import { readOwner } from '../../../targets/common/owner.js';
import { assertNamesFree } from '../../../targets/docker/own-objects.js';
import { forgetApps, sweep } from '../../../targets/docker/sweep.js';
import { engine, tracesOf } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { IMAGES } from '../../support/test-cluster.js';
import { TestObjects } from '../../support/test-containers.js';

const ID = '11111111-1111-4111-8111-111111111111';

/** A cluster's server and network, and toy applications beside it: running, paused and stopped. */
async function withApps(identity?: string) {
  const objects = new TestObjects();
  const directory = await temporaryDirectory();
  const labels = (role: string, more: object = {}) => ({
    ...objects.labelsOf(role),
    'dev.clusterkit.project': directory,
    ...(identity !== undefined && { 'dev.clusterkit.identity': identity }),
    ...more,
  });
  const network = await engine.createNetwork({
    Name: objects.nameOf('network'),
    Labels: labels('network'),
  });
  const run = async (role: string, suffix = role, more: object = {}) => {
    const container = await objects.container(role, {
      name: objects.nameOf(suffix),
      Labels: labels(role, more),
      Entrypoint: ['sleep', '600'],
      HostConfig: { NetworkMode: objects.nameOf('network') },
    });
    await container.start();
    return container;
  };
  for (const role of ['apps', 'data']) {
    await engine.createVolume({ Name: objects.nameOf(role), Labels: labels(role) });
  }
  const server = await run('server');
  await run('edge');
  await run('edge', 'edge-2');
  const frozen = await run('app', 'app-web-r1-1', { 'dev.clusterkit.app': 'web' });
  await frozen.pause();
  const stopped = await run('app', 'app-web-r1-2', { 'dev.clusterkit.app': 'web' });
  await stopped.kill();
  const input = {
    keyDirectory: join(directory, 'keys', objects.name),
    stateFile: join(directory, 'none.tfstate'),
    registry: join(directory, 'home', '.prisma', 'config.yml'),
    endpoint: `http://localhost:${await freePort()}`,
    connector: 'postgres' as const,
    version: '1.8',
  };
  const names = (...suffixes: string[]) => suffixes.map(objects.nameOf).sort();
  return { objects, directory, labels, network, server, input, names };
}

/** An image of one layer with this tag and these labels. */
async function image(tag: string, labels: Readonly<Record<string, string>>) {
  const changes = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`);
  const source = await engine.createContainer({ Image: IMAGES.database, Entrypoint: ['true'] });
  const [repo, version] = tag.split(':');
  const made = changes.length > 0 ? { changes: changes.join('\n') } : {};
  await source.commit({ repo, tag: version, ...made });
  await source.remove({ v: true });
  onTestFinished(() =>
    engine
      .getImage(tag)
      .remove({ force: true })
      .catch(() => undefined),
  );
}

const hasImage = (tag: string) =>
  engine
    .getImage(tag)
    .inspect()
    .then(
      () => true,
      () => false,
    );

describe('applications in the engine', () => {
  test('are no left-overs: sweep removes a container that no state knows, and none of theirs', async () => {
    const { input, objects, names, network } = await withApps();
    // The network is known, as after every apply that ended.
    await writeFile(
      input.stateFile,
      JSON.stringify({
        version: 4,
        terraform_version: '1.5.7',
        serial: 1,
        lineage: 'x',
        outputs: {},
        resources: [
          {
            mode: 'managed',
            type: 'docker_network',
            name: 'network',
            provider: 'provider["registry.terraform.io/kreuzwerker/docker"]',
            instances: [{ schema_version: 0, attributes: { id: network.id } }],
          },
        ],
      }),
    );
    expect(await sweep(input, engine)).toBe(1);
    expect(await tracesOf(objects.name)).toEqual(
      names('network', 'apps', 'data', 'edge', 'edge-2', 'app-web-r1-1', 'app-web-r1-2'),
    );
  });

  test('go with a network that no state knows, which could not go without them', async () => {
    const { input, objects, names } = await withApps();
    expect(await sweep(input, engine)).toBe(6);
    expect(await tracesOf(objects.name)).toEqual(names('apps', 'data'));
  });

  test('do not change what the last apply is known by, nor the containers of the cluster', async () => {
    const { objects, server } = await withApps();
    const before = await describeCluster(engine, objects.name, []);
    await engine.getContainer(objects.nameOf('edge')).remove({ force: true, v: true });
    expect(await describeCluster(engine, objects.name, [])).toEqual(before);
    const found = await containersOf({ engine }, { name: objects.name });
    expect(found.map(({ id }) => id)).toEqual([server.id]);
    await server.kill();
    expect(await describeCluster(engine, objects.name, [])).not.toEqual(before);
  });

  test('are removed by the first step of a destroy, with volumes and images; again is no error', async () => {
    const { input, objects, names, labels } = await withApps();
    const prefix = `clusterkit-app/${objects.name}`;
    // One was built, the other has another name in a registry; one belongs to a cluster with a longer name.
    await image(`${prefix}-built:r1`, labels('app', { 'dev.clusterkit.app': 'built' }));
    await image(`${prefix}-web:r2`, {});
    await image(`${prefix}-two-web:r1`, {
      ...labels('app', { 'dev.clusterkit.app': 'web' }),
      'dev.clusterkit.cluster': `${objects.name}-two`,
    });
    await image(`${objects.name}/derived:1`, labels('app', { 'dev.clusterkit.app': 'built' }));
    expect(await forgetApps(input, engine)).toBe(5);
    expect(await tracesOf(objects.name)).toEqual(names('network', 'data', 'server'));
    expect(
      await Promise.all(['-built:r1', '-web:r2'].map((tag) => hasImage(prefix + tag))),
    ).toEqual([false, false]);
    const others = [`${prefix}-two-web:r1`, `${objects.name}/derived:1`];
    expect(await Promise.all(others.map(hasImage))).toEqual([true, true]);
    expect(await forgetApps(input, engine)).toBe(0);
  });

  test('of another identity stay, whatever directory made them', async () => {
    const { directory, objects, names, labels } = await withApps(ID);
    const tag = `clusterkit-app/${objects.name}-web:r1`;
    await image(tag, labels('app', { 'dev.clusterkit.app': 'web' }));
    const owner = await readOwner(directory, objects.name);
    expect([...(await ownApps(engine, { ...owner, id: ID }))]).toEqual(['web']);
    expect([...(await ownApps(engine, owner))]).toEqual([]);
    const before = await tracesOf(objects.name);
    expect(await removeApps(engine, { ...owner, id: ID.replaceAll('1', '2') })).toBe(0);
    expect(await tracesOf(objects.name)).toEqual(before);
    expect(await hasImage(tag)).toBe(true);
    expect(await removeApps(engine, { ...owner, id: ID, places: [] })).toBe(5);
    expect(await tracesOf(objects.name)).toEqual(names('network', 'data', 'server'));
    expect(await hasImage(tag)).toBe(false);
  });
});

describe('names and ports of applications', () => {
  test.each(['edge', 'edge-2', 'apps', 'app-web-r7-2'])(
    '%s is taken by something else',
    async (suffix) => {
      const objects = new TestObjects();
      const owner = await readOwner(await temporaryDirectory(), objects.name);
      const name = objects.nameOf(suffix);
      if (suffix === 'apps') await engine.createVolume({ Name: name });
      else await objects.container('edge', { name, Labels: {} });
      await assertNamesFree(engine, owner);
      await assertNamesFree(engine, owner, suffix.startsWith('app-') ? ['other'] : []);
      expect(await kitErrorOf(() => assertNamesFree(engine, owner, ['web']))).toMatchObject({
        code: 'name-taken',
        problems: [{ message: expect.stringContaining(`'${name}'`) }],
      });
    },
  );

  test('a port is free for the edge that has it, and taken for others', async () => {
    const objects = new TestObjects();
    const port = await freePort();
    const edge = await objects.container('edge', {
      name: objects.nameOf('edge-2'),
      Entrypoint: ['sleep', '60'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
    });
    await edge.start();
    await portConflict(engine, { name: objects.name, app: 'web', port });
    const refused = { code: 'port-taken', exitCode: 3 };
    const message = `port ${port} is taken by container ${objects.nameOf('edge-2')}`;
    expect(
      await kitErrorOf(() => portConflict(engine, { name: 'other', app: 'web', port })),
    ).toMatchObject({ ...refused, problems: [{ path: 'clusters.other.apps.web.port', message }] });
    expect(
      await kitErrorOf(() => portConflict(engine, { name: objects.name, port })),
    ).toMatchObject({ ...refused, problems: [{ path: `clusters.${objects.name}.port`, message }] });
  });
});

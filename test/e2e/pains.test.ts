import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { derivedImage } from '../support/derived-image.js';
import { engine } from '../support/engine-traces.js';
import { IMAGES, TestCluster } from '../support/test-cluster.js';

/** What users of comparable tools suffer from (the numbers are those of the project's list). */
describe('pains of a running cluster', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.create();
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
  });
  afterAll(() => cluster?.dispose());

  const inspect = (role: string) =>
    engine.getContainer(`clusterkit-${cluster.name}-${role}`).inspect();
  const fingerprint = async () =>
    JSON.parse((await cluster.kit(['cluster', 'show', cluster.name, '--json'])).stdout).fingerprint;
  /** What stands in the registry for the cluster. */
  const registeredKey = async () => {
    const { entries } = await readRegistry(cluster.registry);
    return entries.find(({ name }) => name === cluster.name)?.clusterSecret?.reveal();
  };
  /** The public key as the server in its container finds it. */
  const serversKey = async () => {
    const server = engine.getContainer(`clusterkit-${cluster.name}-server`);
    const { output } = await runInContainer(server, ['cat', '/run/clusterkit/prisma.yml']);
    return (load(output) as { legacySecret: string }).legacySecret.trim();
  };
  const publicKey = async () =>
    (await cluster.kit(['cluster', 'public-key', cluster.name])).stdout.trim();

  test('pain 1: key in the registry and key on the server stay one pair after a restart and an upgrade', async () => {
    const before = { registry: await cluster.readRegistry(), print: await fingerprint() };
    const isPair = async () => (await serversKey()) === (await publicKey());
    expect(before.print).toMatch(/^SHA256:/);
    expect(await isPair()).toBe(true);

    for (const role of ['database', 'server']) {
      await engine.getContainer(`clusterkit-${cluster.name}-${role}`).restart({ t: 5 });
    }
    expect((await cluster.up()).exitCode).toBe(0);
    expect([await cluster.readRegistry(), await isPair()]).toEqual([before.registry, true]);

    await cluster.configure({ serverVersion: '1.20' });
    const upgrade = await cluster.up();
    expect(upgrade.exitCode, upgrade.all).toBe(0);
    expect([await cluster.readRegistry(), await isPair()]).toEqual([before.registry, true]);
    expect(await fingerprint()).toBe(before.print);
    const status = await cluster.status('--json');
    expect(JSON.parse(status.stdout)).toMatchObject([{ healthy: true, auth: 'ok' }]);
  });

  test('pain 1: a key that drifted is found by doctor; up mends it, but destroys no other key', async () => {
    const before = await registeredKey();
    const other = await cluster.kit([
      'cluster',
      'add',
      cluster.name,
      '--host',
      cluster.endpoint,
      '--generate',
      '--force',
    ]);
    expect(other.exitCode, other.all).toBe(0);
    const doctor = await cluster.kit(['doctor', '--json']);
    expect(doctor.exitCode).toBe(4);
    expect(JSON.parse(doctor.stdout).findings[0]).toMatchObject({
      code: 'key-refused',
      severity: 'error',
      entry: cluster.name,
      mend: `clusterkit cluster public-key ${cluster.name}`,
    });
    // The new key is nowhere else, so only its owner may give it up.
    const refused = await cluster.up('--json');
    expect(JSON.parse(refused.stdout).error.code, refused.all).toBe('registry-conflict');
    const removed = await cluster.kit(['cluster', 'remove', cluster.name, '--yes']);
    expect(removed.exitCode, removed.all).toBe(0);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(await registeredKey()).toBe(before);
  });

  test('pain 2: a PEM of many lines does not crash-loop a server from 1.7 on', async () => {
    const { RestartCount, Config, State } = await inspect('server');
    expect([RestartCount, State.Running]).toEqual([0, true]);
    expect(Config.Env.filter((each) => /CLUSTER_PUBLIC_KEY|BEGIN/.test(each))).toEqual([]);
    const lines = (await serversKey()).split('\n');
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.join('\n')).toBe(await publicKey());
  });

  test('pain 4: the registry is filled and emptied without a terminal, in a directory without prisma.yml', async () => {
    const directory = join(cluster.directory, 'elsewhere');
    await mkdir(directory);
    const registry = join(directory, 'registry.yml');
    const key = join(directory, 'key.pem');
    await writeFile(key, (await registeredKey()) ?? '', { mode: 0o600 });
    // The helper closes stdin, and neither stream is a terminal.
    const kit = (...argv: string[]) => cluster.kit(['cluster', ...argv, '--registry', registry]);
    const added = await kit('add', 'team', '--host', cluster.endpoint, '--key-file', key);
    expect(added.exitCode, added.all).toBe(0);
    expect(added.stdout).toContain('Cluster team added');
    const listed = await kit('list', '--json');
    expect(JSON.parse(listed.stdout).clusters).toMatchObject([{ name: 'team', auth: 'ok' }]);
    const removed = await kit('remove', 'team');
    expect(removed.exitCode, removed.all).toBe(0);
    expect(await readFile(registry, 'utf8')).not.toContain('team');
  });
});

test('pain 3: authentication that is silently off fails the deploy, and nothing is registered', async () => {
  // A server of 1.27 or later, configured as one before: it ignores the public key.
  const serverImage = await derivedImage(IMAGES.server, ['ENV CLUSTERKIT_GENERATION=C']);
  const cluster = await TestCluster.create({ serverImage, serverVersion: '1.8' });
  onTestFinished(() => cluster.dispose());
  const { exitCode, stdout, all } = await cluster.up('--json');
  expect(exitCode, all).toBe(3);
  const { error } = JSON.parse(stdout);
  expect(error.code).toBe('server-open');
  expect(error.problems[0].message).toContain('accepts requests without the cluster’s key');
  expect(error.problems[0].hint).toContain('from 1.27 on read managementApiSecret only');
  expect(await cluster.readRegistry()).toBeUndefined();
});

test('pain 5: a database that takes its time at first boot is waited for; the server never races it', async () => {
  const delay = 'sleep 6; exec entrypoint.sh "$@"';
  const databaseImage = await derivedImage(IMAGES.database, [
    `ENTRYPOINT ${JSON.stringify(['/bin/sh', '-c', delay, 'sh'])}`,
    'CMD ["postgres"]',
  ]);
  const cluster = await TestCluster.create({ databaseImage });
  onTestFinished(() => cluster.dispose());
  const { exitCode, all } = await cluster.up();
  expect(exitCode, all).toBe(0);
  const server = engine.getContainer(`clusterkit-${cluster.name}-server`);
  const database = engine.getContainer(`clusterkit-${cluster.name}-database`);
  const [{ RestartCount, State }, { State: databaseState }] = await Promise.all([
    server.inspect(),
    database.inspect(),
  ]);
  expect(RestartCount).toBe(0);
  const headStart = Date.parse(State.StartedAt) - Date.parse(databaseState.StartedAt);
  expect(headStart).toBeGreaterThan(6000);
  const log = await server.logs({ stdout: true, stderr: true });
  expect(log.toString()).not.toMatch(/refused|ECONN|starting up/i);
});

import { describe, expect, test } from 'vitest';
import { logTail, whyStopped } from '../../../clients/docker/container-log.js';
import { findClusterObjects, removeObjects } from '../../../cluster/objects/cluster-objects.js';
import { engine, tracesOf } from '../../support/engine-traces.js';
import { TestObjects } from '../../support/test-containers.js';

describe('findClusterObjects', () => {
  test('is everything with the label, and what each is', async () => {
    const objects = new TestObjects();
    const container = await objects.shell('server', 'sleep 60');
    const network = await objects.network();
    await objects.volume('data');
    const found = await findClusterObjects(engine, objects.name);
    // Objects of the version before have no identity.
    const common = { cluster: objects.name, project: '/nowhere/.clusterkit', identity: undefined };
    expect(found).toEqual([
      {
        kind: 'container',
        id: container.id,
        name: objects.nameOf('server'),
        state: 'running',
        role: 'server',
        ...common,
      },
      {
        kind: 'network',
        id: network.id,
        name: objects.nameOf('network'),
        role: 'network',
        ...common,
      },
      {
        kind: 'volume',
        id: objects.nameOf('data'),
        name: objects.nameOf('data'),
        role: 'data',
        ...common,
      },
    ]);
  });

  test('is empty for a name that only begins alike', async () => {
    const objects = new TestObjects();
    await objects.volume('data');
    expect(await findClusterObjects(engine, objects.name.slice(0, -1))).toEqual([]);
  });
});

describe('removeObjects', () => {
  /** A running container with the network and the volume that it holds. */
  const small = async () => {
    const objects = new TestObjects();
    await objects.volume('data');
    await objects.network();
    await objects.shell('server', 'sleep 60', {
      NetworkMode: objects.nameOf('network'),
      Mounts: [{ Type: 'volume', Source: objects.nameOf('data'), Target: '/data' }],
    });
    return { objects, found: await findClusterObjects(engine, objects.name) };
  };

  test('removes running containers, then what they hold; again is no error', async () => {
    const { objects, found } = await small();
    expect(found).toHaveLength(3);
    await removeObjects(engine, found);
    expect(await tracesOf(objects.name)).toEqual([]);
    await removeObjects(engine, found);
  });

  test('waits for a removal that is under way already, such as a cut run left', async () => {
    const { objects, found } = await small();
    await Promise.all([removeObjects(engine, found), removeObjects(engine, found)]);
    expect(await tracesOf(objects.name)).toEqual([]);
  });

  test('removes anonymous volumes with their container', async () => {
    const objects = new TestObjects();
    const container = await objects.container('server', { Volumes: { '/scratch': {} } });
    const { Mounts } = await container.inspect();
    const anonymous = Mounts.flatMap(({ Name }) => Name ?? []);
    expect(anonymous.length).toBeGreaterThan(0);
    await removeObjects(engine, await findClusterObjects(engine, objects.name));
    for (const name of anonymous) {
      await expect(engine.getVolume(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
    }
  });
});

describe('logTail', () => {
  test('is the last lines of both streams', async () => {
    const objects = new TestObjects();
    const container = await objects.shell('server', 'seq 1 50; sleep 0.3; echo last >&2');
    await container.wait();
    expect(await logTail(container, 3)).toBe('49\n50\nlast');
  });

  test('says so when there is none', async () => {
    expect(await logTail(engine.getContainer('ck-test-none'))).toMatch(/^\(no log: .*404.*\)$/);
  });
});

describe('whyStopped', () => {
  test('a running container: no reason', async () => {
    const objects = new TestObjects();
    expect(await whyStopped(await objects.shell('server', 'sleep 60'))).toBeUndefined();
  });

  test('a container that is gone', async () => {
    expect(await whyStopped(engine.getContainer('ck-test-none'))).toBe('the container is gone');
  });
});

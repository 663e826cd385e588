import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../support/engine-traces.js';
import { TestCluster } from '../../support/test-cluster.js';
import { IMAGES } from '../../support/test-project.js';

/** Somebody else's objects without any label, of the names that the cluster would take. */
let cluster: TestCluster;
let names: Record<'container' | 'network' | 'volume', string>;

beforeAll(async () => {
  cluster = await TestCluster.create();
  const { name } = cluster;
  names = {
    container: `clusterkit-${name}-server`,
    network: `clusterkit-${name}-network`,
    volume: `clusterkit-${name}-data`,
  };
  await engine.createContainer({ name: names.container, Image: IMAGES.database, Cmd: ['true'] });
  await engine.createNetwork({ Name: names.network });
  await engine.createVolume({ Name: names.volume });
});
afterAll(async () => {
  await engine.getContainer(names.container).remove({ force: true, v: true });
  await engine.getNetwork(names.network).remove();
  await engine.getVolume(names.volume).remove();
  await cluster.dispose();
});

test.each(['plan', 'up'] as const)('%s names them all, before anything is made', async (verb) => {
  const { exitCode, stdout } = await cluster.kit([verb, cluster.name, '--json']);
  expect(exitCode).toBe(3);
  const { code, problems } = JSON.parse(stdout).error;
  expect(code).toBe('name-taken');
  for (const [kind, name] of Object.entries(names)) {
    expect(problems).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining(`${kind} '${name}'`) }),
    );
  }
  expect(
    await engine.listVolumes({ filters: { name: [`clusterkit-${cluster.name}-config`] } }),
  ).toMatchObject({
    Volumes: [],
  });
});

test('down leaves them, and says so', async () => {
  const { exitCode, all } = await cluster.down();
  expect(exitCode, all).toBe(0);
  await engine.getContainer(names.container).inspect();
  await engine.getNetwork(names.network).inspect();
  await engine.getVolume(names.volume).inspect();
});

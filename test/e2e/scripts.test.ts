import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tracesOf } from '../support/engine-traces.js';
import { TestCluster } from '../support/test-cluster.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.create();
});
afterAll(() => cluster?.dispose());

/** `scripts/up` and `scripts/down` from elsewhere, as a person calls them. */
const script = (name: string, ...argv: string[]) =>
  execa(`${process.cwd()}/scripts/${name}`, [cluster.name, ...argv], {
    cwd: cluster.home,
    env: cluster.env(),
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
const files = () => [
  '--config',
  cluster.configFile,
  '--registry',
  `${cluster.directory}/registry.yml`,
];

test('scripts/up makes the machine ready and brings a cluster up; scripts/down takes it down', async () => {
  const up = await script('up', ...files());
  expect(up.exitCode, up.all).toBe(0);
  expect(up.stdout).toContain(`Cluster ${cluster.name} is up at ${cluster.endpoint}`);
  expect(up.stdout).toContain(`${cluster.directory}/registry.yml`);
  expect(await cluster.readRegistry()).toBeUndefined();
  expect(await tracesOf(cluster.name)).toHaveLength(5);

  const down = await script('down', '--yes', ...files());
  expect(down.exitCode, down.all).toBe(0);
  expect(await tracesOf(cluster.name)).toEqual([]);
});

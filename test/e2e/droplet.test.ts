import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Blog } from '../support/blog.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { tracesOf } from '../support/engine-traces.js';
import { expectHealthy } from '../support/expect-healthy.js';
import { installRealCli } from '../support/real-cli.js';
import { eventually } from '../support/service.js';
import { stepTimes } from '../support/step-times.js';
import { changesTo } from '../support/test-account.js';

/** What another tool and the user left in the registry before. */
const FOREIGN = `# mine, keep it
clusters:
  # the one in the office
  office:
    host: "http://office.example.com:4466"   # by VPN
    clusterSecret: shared
other: [1,   2]
`;

describe('a cluster on a droplet through its days', () => {
  let cluster: TestDropletCluster;
  let blog: Blog;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestDropletCluster.create({}, { hasImages: false });
    await cluster.writeRegistry(FOREIGN);
  });
  afterAll(() => cluster?.dispose());

  test('plan of nothing yet: exit 4, and nothing is made', async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(4);
    expect(plan.stdout).toContain('droplet');
    expect(changesTo(cluster.account)).toEqual([]);
    expect(cluster.account.left()).toEqual([]);
  });

  test('up: running, proven, registered; the rest of the registry as it was', async () => {
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    const { host } = await cluster.account.only();
    expect(JSON.parse(stdout)).toEqual([
      {
        cluster: cluster.name,
        endpoint: `http://${host}:4466`,
        version: expect.stringMatching(/^1\.8\.\d+-clusterkit\./),
        registry: cluster.registry,
        entry: 'added',
        changes: expect.any(Number),
        steps: stepTimes(
          ...['check state', 'preflight', 'pull images', 'read registry', 'claim database'],
          ...['apply', 'verify and register', 'settle', 'applications'],
        ),
      },
    ]);
    expect(cluster.account.left()).toEqual(cluster.parts());
    expect(cluster.account.api.runtimeErrors).toEqual([]);
    const registry = await cluster.readRegistry();
    expect(registry).toContain(`host: 'http://${host}:4466'`);
    for (const line of FOREIGN.trim().split('\n')) expect(registry).toContain(line);
    // Nothing of the cluster is on the engine of this machine.
    expect(await tracesOf(cluster.name)).toEqual([]);
  });

  test('the real CLI deploys a service through the entry', async () => {
    blog = await Blog.deploy(cluster);
    await blog.add('alice@example.com');
    expect(await blog.emails()).toEqual(['alice@example.com']);
  });

  test('a second up: no change, every step is already so, the account is only looked at', async () => {
    const registry = await cluster.readRegistry();
    const before = cluster.account.api.requests.length;
    const { exitCode, stdout, stderr, all } = await cluster.up('--json', '--verbose');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
    for (const step of STEPS) expect(stderr).toContain(`${step}: already so`);
    expect(changesTo(cluster.account, before)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(registry);
  });

  test('plan has nothing to change; status is healthy', async () => {
    const plan = await cluster.plan('--json');
    expect(plan.exitCode, plan.all).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject([{ cluster: cluster.name, changes: [] }]);
    const status = await cluster.status('--json');
    expect(status.exitCode, status.all).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject([
      { healthy: true, auth: 'ok', registry: 'current', endpoint: await cluster.endpoint() },
    ]);
  });

  test.each(['reboot', 'power_cycle'])('data and health survive a %s', async (type) => {
    await cluster.account.act(type);
    expect(await blog.emails()).toEqual(['alice@example.com']);
    await eventually(async () => {
      await expectHealthy(cluster);
    });
  });

  test('down: nothing is left anywhere, and the registry is as it was, byte for byte', async () => {
    const { exitCode, stdout, all } = await cluster.down('--json');
    expect(cluster.account.api.runtimeErrors.map(String)).toEqual([]);
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ cluster: cluster.name }]);
    expect(cluster.account.left()).toEqual([]);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(FOREIGN);
    expect(await readdir(join(cluster.stateDir, 'keys'))).toEqual([]);
    expect((await readdir(cluster.home, { recursive: true })).sort()).toEqual([
      '.prisma',
      '.prisma/config.yml',
      '.terraformrc',
    ]);
  });

  test('down again: already gone is no error', async () => {
    const { exitCode, stdout, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(stdout).toBe(`Cluster ${cluster.name} does not exist: nothing of it was found.`);
  });
});

const STEPS = [
  'host key',
  'volume',
  'database image',
  'server image',
  'network',
  'configuration',
  'database',
  'server',
];

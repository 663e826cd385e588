import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cdktf, makeCdktfProject } from '../support/cdktf-project.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { tracesOf } from '../support/engine-traces.js';
import { expectHealthy } from '../support/expect-healthy.js';

describe('plain cdktf makes a cluster on a droplet', () => {
  let cluster: TestDropletCluster;
  const foreign = "clusters:\n  office:\n    host: 'http://office.example.com:4466'\n";

  beforeAll(async () => {
    cluster = await TestDropletCluster.create({}, { hasImages: false });
    await cluster.writeRegistry(foreign);
    await makeCdktfProject(cluster);
  });
  afterAll(() => cluster?.dispose());

  test('deploy from a fresh checkout, with a provider from a mirror: running and registered', async () => {
    const { exitCode, all } = await cdktf(cluster, 'deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    const { host } = await cluster.account.only();
    expect(await cluster.endpoint()).toBe(`http://${host}:4466`);
    await expectHealthy(cluster);
    expect(await readdir(cluster.keyDirectory)).not.toContain('user-data.yaml');
    expect(await readdir(cluster.keyDirectory)).not.toContain('bootstrap-host-key');
  });

  test('the kit sees nothing left to do, and the other way round', async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);
    const { id } = await cluster.account.only();
    const { exitCode, all } = await cdktf(cluster, 'deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect((await cluster.account.only()).id).toBe(id);
    expect((await cluster.plan()).exitCode).toBe(0);
  });

  test('destroy: nothing left', async () => {
    const { exitCode, all } = await cdktf(cluster, 'destroy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(foreign);
    expect(await readdir(join(cluster.stateDir, 'keys'))).toEqual([]);
  });
});

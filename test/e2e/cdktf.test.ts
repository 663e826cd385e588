import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cdktf, makeCdktfProject } from '../support/cdktf-project.js';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { TestCluster } from '../support/test-cluster.js';
import { toyApp } from '../support/toy-app.js';

describe('plain cdktf does the whole job', () => {
  let cluster: TestCluster;
  const foreign = "clusters:\n  office:\n    host: 'http://office.example.com:4466'\n";

  beforeAll(async () => {
    cluster = await TestCluster.create();
    await cluster.writeRegistry(foreign);
    await makeCdktfProject(cluster);
  });
  afterAll(() => cluster?.dispose());

  test('deploy: running, proven and registered, without --skip-provider-lock', async () => {
    const { exitCode, all } = await cdktf(cluster, 'deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toHaveLength(5);
    expect(await cluster.readRegistry()).toContain(`host: '${cluster.endpoint}'`);
    const status = await cluster.status();
    expect(status.exitCode, status.all).toBe(0);
  });

  test('the kit sees nothing left to do, and the other way round; applications stay as they are', async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);
    const { name } = cluster;
    const made = await containerIds(name);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(await containerIds(name)).toEqual(made);
    const app = await toyApp(name);
    const before = await containerIds(name);
    const { exitCode, all } = await cdktf(cluster, 'deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await containerIds(name)).toEqual(before);
    expect((await engine.getContainer(app).inspect()).State.Running).toBe(true);
  });

  test('deploy onto a taken port: refused before anything is created, with the owner', async ({
    onTestFinished,
  }) => {
    const other = await TestCluster.create({ port: cluster.port });
    onTestFinished(() => other.dispose());
    await makeCdktfProject(other);
    const { exitCode, all } = await cdktf(other, 'deploy', other.name, '--auto-approve');
    expect(exitCode).not.toBe(0);
    expect(all).toContain(
      `port ${cluster.port} is taken by container clusterkit-${cluster.name}-server`,
    );
    expect(await tracesOf(other.name)).toEqual([]);
  });

  test('destroy: unregistered, nothing left, no application either', async () => {
    const { exitCode, all } = await cdktf(cluster, 'destroy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(foreign);
    const key = join(cluster.stateDir, 'keys', cluster.name, 'private.pem');
    await expect(readFile(key)).rejects.toThrow('ENOENT');
  });
});

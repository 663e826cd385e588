import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine, tracesOf } from '../support/engine-traces.js';
import { IMAGES, TestCluster } from '../support/test-cluster.js';

describe('secrets and configuration that got lost under a running cluster', () => {
  let cluster: TestCluster;
  const secretFile = (name: string) => join(cluster.stateDir, 'keys', cluster.name, name);
  const nameOf = (role: string) => `clusterkit-${cluster.name}-${role}`;

  /** `plan` tells, `up` mends, and then all is well. */
  const expectMended = async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(4);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    const status = await cluster.status();
    expect(status.exitCode, status.all).toBe(0);
    expect((await cluster.plan()).exitCode).toBe(0);
  };

  beforeAll(async () => {
    cluster = await TestCluster.create({ connector: 'mysql', serverVersion: '1.34' });
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
  });
  afterAll(() => cluster?.dispose());

  test('the configuration volume is emptied: filled again', async () => {
    const broom = await engine.createContainer({
      Image: IMAGES.mysql,
      Entrypoint: ['/bin/sh', '-c', 'rm -f /run/clusterkit/*'],
      Labels: { 'dev.clusterkit.cluster': cluster.name },
      HostConfig: {
        Mounts: [{ Type: 'volume', Source: nameOf('config'), Target: '/run/clusterkit' }],
      },
    });
    await broom.start();
    await broom.wait();
    await broom.remove({ v: true });
    await engine.getContainer(nameOf('server')).restart();
    await expectMended();
  });

  test('the shared secret is gone: a new one, on the server and in the registry', async () => {
    const before = await readFile(secretFile('management-secret'), 'utf8');
    await rm(secretFile('management-secret'));
    await expectMended();
    const after = await readFile(secretFile('management-secret'), 'utf8');
    expect(after).not.toBe(before);
    const registry = await cluster.readRegistry();
    expect(registry).toContain(after);
    expect(registry).not.toContain(before);
  });

  test('the database password is gone: taken back from the cluster, data is data', async () => {
    const before = await readFile(secretFile('database-password'), 'utf8');
    await rm(secretFile('database-password'));
    await expectMended();
    expect(await readFile(secretFile('database-password'), 'utf8')).toBe(before);
  });

  test('a damaged file: up refuses and names it, down does not need it', async () => {
    await writeFile(secretFile('management-secret'), '\n');
    const up = await cluster.up('--json');
    expect(up.exitCode, up.all).toBe(2);
    expect(JSON.parse(up.stdout).error.problems[0]).toMatchObject({
      path: secretFile('management-secret'),
      message: 'the file is empty',
    });
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBeUndefined();
  });
});

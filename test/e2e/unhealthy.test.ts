import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tracesOf } from '../support/engine-traces.js';
import { IMAGES, TestCluster } from '../support/test-cluster.js';

describe('a server that never gets healthy', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    // A database in the server's place: it stops at once, since nobody gives it a password.
    cluster = await TestCluster.create({ serverImage: IMAGES.database });
  });
  afterAll(() => cluster?.dispose());

  test('up: exit 3, the reason and the end of its log, nothing registered', async () => {
    const { exitCode, stdout, stderr, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(3);
    const { error } = JSON.parse(stdout) as {
      error: { code: string; problems: { message: string; hint: string }[] };
    };
    expect(error.code).toBe('server-not-ready');
    expect(error.problems[0]?.message).toMatch(/keeps stopping \(\d+ restarts, exit code \d+\)/);
    expect(error.problems[0]?.hint).toContain('Last lines of its log:\n');
    expect(error.problems[0]?.hint).toContain('POSTGRES_PASSWORD');
    expect(stderr).toContain('error: ');

    const password = await readFile(
      join(cluster.stateDir, 'keys', cluster.name, 'database-password'),
      'utf8',
    );
    expect(all).not.toContain(password.trim());
    expect(await cluster.readRegistry()).toBeUndefined();
  });

  test('status tells that it is not well, plan that up has something to do', async () => {
    const status = await cluster.status('--json');
    expect(status.exitCode, status.all).toBe(4);
    expect(JSON.parse(status.stdout)).toMatchObject([
      { healthy: false, version: null, auth: 'unknown', registry: 'absent' },
    ]);
    expect((await cluster.plan()).exitCode).toBe(4);
  });

  test('the next run, with the right image, converges', async () => {
    await cluster.configure();
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    const status = await cluster.status();
    expect(status.exitCode, status.all).toBe(0);
    expect((await cluster.plan()).exitCode).toBe(0);
  });

  test('the file no longer names it: up refuses, down takes it down by what it left', async () => {
    await writeFile(cluster.configFile, 'clusters: {}\n');
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(2);
    const kept = await cluster.down('--keep-data');
    expect(kept.exitCode, kept.all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([`clusterkit-${cluster.name}-data`]);

    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await readdir(join(cluster.stateDir, 'keys'))).toEqual([]);
  });

  test('now the name is unknown; what is no name at all removes nothing', async () => {
    for (const name of [cluster.name, '..', '../state', '.', 'keys/x']) {
      const { exitCode, stderr } = await cluster.kit(['down', name, '--yes']);
      expect([name, exitCode]).toEqual([name, 2]);
      expect(stderr).toContain(`there is no cluster '${name}'`);
    }
    expect(await readdir(cluster.stateDir)).toContain('keys');
  });
});

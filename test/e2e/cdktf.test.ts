import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerIds, tracesOf } from '../support/engine-traces.js';
import { compiled, TestCluster } from '../support/test-cluster.js';

const CDKTF = join(process.cwd(), 'node_modules', '.bin', 'cdktf');

describe('plain cdktf does the whole job', () => {
  let cluster: TestCluster;
  const foreign = "clusters:\n  office:\n    host: 'http://office.example.com:4466'\n";

  /** As `npx cdktf …` in a project of its own, whose app is the kit's. */
  const cdktf = (...argv: string[]) => cdktfIn(cluster, argv);
  const cdktfIn = (project: TestCluster, argv: string[]) =>
    execa(CDKTF, argv, {
      cwd: project.directory,
      env: project.env({ CI: '1', CHECKPOINT_DISABLE: '1' }),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    });

  const makeProject = async ({ directory }: TestCluster) => {
    await symlink(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'));
    await writeFile(
      join(directory, 'cdktf.json'),
      JSON.stringify({
        language: 'typescript',
        app: `${process.execPath} ${compiled('stacks/main.js')}`,
        output: '.clusterkit/cdktf.out',
        projectId: 'ck-test',
        sendCrashReports: 'false',
      }),
    );
  };

  beforeAll(async () => {
    cluster = await TestCluster.create();
    await cluster.writeRegistry(foreign);
    await makeProject(cluster);
  });
  afterAll(() => cluster?.dispose());

  test('deploy: running, proven and registered, without --skip-provider-lock', async () => {
    const { exitCode, all } = await cdktf('deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toHaveLength(5);
    expect(await cluster.readRegistry()).toContain(`host: '${cluster.endpoint}'`);
    const status = await cluster.status();
    expect(status.exitCode, status.all).toBe(0);
  });

  test('the kit sees nothing left to do, and the other way round', async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(0);
    const before = await containerIds(cluster.name);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    const { exitCode, all } = await cdktf('deploy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await containerIds(cluster.name)).toEqual(before);
  });

  test('deploy onto a taken port: refused before anything is created, with the owner', async ({
    onTestFinished,
  }) => {
    const other = await TestCluster.create({ port: cluster.port });
    onTestFinished(() => other.dispose());
    await makeProject(other);
    const { exitCode, all } = await cdktfIn(other, ['deploy', other.name, '--auto-approve']);
    expect(exitCode).not.toBe(0);
    expect(all).toContain(
      `port ${cluster.port} is taken by container clusterkit-${cluster.name}-server`,
    );
    expect(await tracesOf(other.name)).toEqual([]);
  });

  test('destroy: unregistered, nothing left', async () => {
    const { exitCode, all } = await cdktf('destroy', cluster.name, '--auto-approve');
    expect(exitCode, all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(foreign);
    const key = join(cluster.stateDir, 'keys', cluster.name, 'private.pem');
    await expect(readFile(key)).rejects.toThrow('ENOENT');
  });
});

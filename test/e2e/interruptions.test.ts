import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultPromise } from 'execa';
import { describe, expect, type TestContext, test } from 'vitest';
import { tracesOf } from '../support/engine-traces.js';
import { processesOf } from '../support/own-processes.js';
import { TestCluster } from '../support/test-cluster.js';

/** How a run is cut. */
type Cut = (run: Pick<ResultPromise, 'pid'>, cluster: TestCluster) => Promise<void>;

/** Ctrl-C reaches everybody in the terminal's foreground: the kit, and what stayed in its group. */
const ctrlC: Cut = async ({ pid = 0 }) => void process.kill(-pid, 'SIGINT');

/** The kit dies, what it started goes on. */
const killKit: Cut = async ({ pid = 0 }) => void process.kill(pid, 'SIGKILL');

/** All of it dies, provider and stages included, in no order. */
const killAll: Cut = async ({ pid = 0 }, cluster) => {
  process.kill(pid, 'SIGKILL');
  for (const { pid: other } of await processesOf(cluster.directory)) {
    try {
      process.kill(other, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};

async function testCluster({ onTestFinished }: TestContext): Promise<TestCluster> {
  const cluster = await TestCluster.create();
  onTestFinished(() => cluster.dispose());
  return cluster;
}

/** Starts a run and cuts it when its output says `moment`; gives its exit code. */
async function cutAt(
  cluster: TestCluster,
  verb: 'up' | 'down',
  moment: RegExp,
  cut: Cut,
): Promise<number | undefined> {
  const run = cluster.kit([verb, cluster.name, '--yes', '--verbose'], { ownGroup: true });
  let text = '';
  await new Promise<void>((resolve) => {
    run.all.on('data', (chunk: Buffer) => {
      text += String(chunk);
      if (moment.test(text)) resolve();
    });
    run.all.on('end', resolve);
  });
  expect(text).toMatch(moment);
  await cut(run, cluster);
  const { exitCode } = await run;
  return exitCode;
}

async function expectUp(cluster: TestCluster): Promise<void> {
  const up = await cluster.up();
  expect(up.exitCode, up.all).toBe(0);
  const status = await cluster.status();
  expect(status.exitCode, status.all).toBe(0);
}

async function expectGone(cluster: TestCluster): Promise<void> {
  const down = await cluster.down();
  expect(down.exitCode, down.all).toBe(0);
  expect(await tracesOf(cluster.name)).toEqual([]);
  expect(await readdir(join(cluster.stateDir, 'keys')).catch(() => [])).toEqual([]);
  const registry = (await cluster.readRegistry()) ?? '';
  expect(registry).not.toContain(cluster.name);
  expect(await processesOf(cluster.directory)).toEqual([]);
}

describe.concurrent('cut in the middle, a second run converges', () => {
  const cases: [string, Cut, RegExp, RegExp][] = [
    ['Ctrl-C early', ctrlC, /sweep created/, /register removed/],
    ['Ctrl-C late', ctrlC, /database created/, /network removed/],
    ['kill -9 of the kit, early', killKit, /configure created/, /register removed/],
    ['kill -9 of the kit, late', killKit, /server created/, /database removed/],
    ['kill -9 of everything, early', killAll, /config created/, /register removed/],
    ['kill -9 of everything, in the middle', killAll, /database created/, /server removed/],
    ['kill -9 of everything, late', killAll, /server created/, /network removed/],
  ];
  test.for(cases)('%s', async ([, cut, inUp, inDown], context) => {
    const cluster = await testCluster(context);
    const upCode = await cutAt(cluster, 'up', inUp, cut);
    if (cut === ctrlC) expect(upCode).toBe(130);
    await expectUp(cluster);

    const downCode = await cutAt(cluster, 'down', inDown, cut);
    if (cut === ctrlC) expect(downCode).toBe(130);
    await expectGone(cluster);
  });

  test('down right after a cut up', async (context) => {
    const cluster = await testCluster(context);
    await cutAt(cluster, 'up', /database created/, killAll);
    await expectGone(cluster);
  });

  test('up right after a cut down', async (context) => {
    const cluster = await testCluster(context);
    await expectUp(cluster);
    await cutAt(cluster, 'down', /server removed/, killAll);
    await expectUp(cluster);
    await expectGone(cluster);
  });

  test('Ctrl-C before anything has begun', async (context) => {
    const cluster = await testCluster(context);
    const run = cluster.up();
    setTimeout(() => run.kill('SIGINT'), 300);
    expect([130, undefined]).toContain((await run).exitCode);
    await expectGone(cluster);
  });

  test('two ups at once both succeed', async (context) => {
    const cluster = await testCluster(context);
    const runs = await Promise.all([cluster.up('--json'), cluster.up('--json')]);
    for (const { exitCode, all } of runs) expect(exitCode, all).toBe(0);
    const entries = runs.map(({ stdout }) => JSON.parse(stdout)[0].entry as string);
    expect(entries.sort()).toEqual(['added', 'unchanged']);
    await expectGone(cluster);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppProject } from '../support/app-project.js';
import { cutAt, type Milestone } from '../support/cut-run.js';
import { startLoad } from '../support/edge-load.js';
import { tracesOf } from '../support/engine-traces.js';

let project: AppProject;

beforeAll(async () => {
  project = await AppProject.create();
  const up = await project.cluster.up();
  expect(up.exitCode, up.all).toBe(0);
});
afterAll(() => project?.dispose());

const app = (verb: string, ...argv: string[]) => project.app(verb, ['web', ...argv]);

async function done(run: ReturnType<typeof app>): Promise<string> {
  const { exitCode, all, stdout } = await run;
  expect(exitCode, all).toBe(0);
  return stdout;
}

/** The version that answers at the port. */
const serves = async () => (await project.ask()).version;
const isServed = (version: string) => async () => (await serves().catch(() => '')) === version;
const hasInstance = (name: string) => async () =>
  (await project.instances()).some((each) => each.startsWith(`web-${name} `));

/** Kills the command when its output has `moment`, or when `milestone` comes true. */
function cut(verb: string, argv: readonly string[], moment: RegExp | Milestone) {
  let said = '';
  const start = () => {
    const run = app(verb, ...argv, '--verbose');
    run.all.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    return run;
  };
  return cutAt(
    project.cluster,
    start,
    typeof moment === 'function' ? moment : () => moment.test(said),
  );
}

/** One release serves, one is there for a rollback, and nothing else: no courier, no further edge, no left-over. */
async function expectTidy(current: string, earlier: readonly string[]) {
  expect(await project.instances()).toEqual(
    [...earlier.map((id) => `web-${id}-1 exited`), `web-${current}-1 running`].sort(),
  );
  expect(await project.images()).toEqual([...earlier, current].map((id) => `web:${id}`).sort());
  const objects = (await tracesOf(project.cluster.name)).filter(
    (name) => !/-(app|courier)-/.test(name),
  );
  expect(objects).toEqual(
    ['apps', 'config', 'data', 'database', 'edge', 'network', 'server'].map(project.nameOf),
  );
}

describe('killed in the middle, a deployment is completed by the next one; no request is lost', () => {
  let round = 1;
  beforeAll(async () => {
    await project.write('v1');
    await done(app('deploy'));
  });

  const isNext = () => hasInstance(`r${round + 1}-1`)();
  const cases: [string, RegExp | Milestone, 'before' | 'after'][] = [
    ['right at its start', /web: remove left-overs/, 'before'],
    ['with its image', /web: image/, 'before'],
    ['with an instance that starts', isNext, 'before'],
    ['before the swap', /web: start/, 'before'],
    ['after the swap', () => isServed(`v${round + 1}`)(), 'after'],
  ];
  test.each(cases)('%s', async (_, moment, side) => {
    const [old, next] = [`v${round}`, `v${round + 1}`];
    await project.write(next);
    const load = startLoad(project.port);
    const { reached, said } = await cut('deploy', [], moment);
    expect(reached, said).toBe(true);
    expect(await serves()).toBe(side === 'before' ? old : next);
    await done(app('deploy'));
    const { lost } = await load.stop();
    expect(lost).toEqual([]);
    expect(await serves()).toBe(next);
    round++;
    const earlier = Array.from({ length: round - 1 }, (_, index) => `r${index + 1}`);
    await expectTidy(`r${round}`, earlier.slice(-5));
  });
});

describe('killed in the middle', () => {
  beforeAll(async () => {
    await done(app('remove', '--yes'));
    for (const version of ['v0', 'v1', 'v2']) {
      await project.write(version);
      await done(app('deploy'));
    }
  });

  const isRunning = async () => (await project.instances()).includes('web-r2-1 running');
  test.each<[string, RegExp | Milestone]>([
    ['when the earlier one starts', isRunning],
    ['before the swap', /start/],
    ['after the swap', isServed('v1')],
  ])('a rollback goes back once, %s', async (_, moment) => {
    const { reached, said } = await cut('rollback', [], moment);
    expect(reached, said).toBe(true);
    await done(app('rollback'));
    expect(await serves()).toBe('v1');
    await expectTidy('r2', ['r1', 'r3']);
    await done(app('rollback', '--to', 'r3'));
  });

  test('a restart leaves nothing that the next deployment takes for its own', async () => {
    await app('remove', '--yes');
    await project.write('v1');
    await done(app('deploy'));
    const { reached } = await cut('restart', [], hasInstance('r2-1'));
    expect(reached).toBe(true);
    await project.write('v2');
    await done(app('deploy'));
    expect(await serves()).toBe('v2');
    await expectTidy('r2', ['r1']);
  });

  test.each<[string, Milestone]>([
    ['early', () => isGone()],
    ['late', async () => !(await hasInstance('r1-1')())],
  ])('a removal is completed by the next one: %s', async (_, milestone) => {
    await project.write('v1');
    await done(app('deploy'));
    await cut('remove', ['--yes'], milestone);
    expect(await done(app('remove', '--yes'))).toBe('Application web: removed.');
    expect([await project.instances(), await project.images()]).toEqual([[], []]);
    expect(await tracesOf(project.cluster.name)).not.toContain(project.nameOf('edge'));
  });

  const isGone = () =>
    serves().then(
      () => false,
      () => true,
    );
});

test('Ctrl-C during a deployment: exit 130, and nothing new stays', async () => {
  await project.write('v1');
  await done(app('deploy'));
  const before = [await project.instances(), await tracesOf(project.cluster.name)];
  const current = before[0]?.find((each) => each.endsWith('running')) ?? '';
  const next = `r${Number(/-r(\d+)-/.exec(current)?.[1]) + 1}`;
  await project.write('v2', ['RUN true']);
  await project.configure({ env: { MODE: 'ill' } });
  const run = app('deploy');
  await expect.poll(hasInstance(`${next}-1`), { timeout: 60_000 }).toBe(true);
  run.kill('SIGINT');
  const { exitCode, all } = await run;
  expect(exitCode, all).toBe(130);
  expect(await serves()).toBe('v1');
  expect([await project.instances(), await tracesOf(project.cluster.name)]).toEqual(before);
});

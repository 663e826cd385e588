import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppProject } from '../support/app-project.js';
import { startLoad } from '../support/edge-load.js';
import { tracesOf } from '../support/engine-traces.js';

/** Runs the kit, and gives what it wrote; it has to work. */
async function done(
  run: PromiseLike<{ exitCode?: number | undefined; all: string; stdout: string }>,
) {
  const { exitCode, all, stdout } = await run;
  expect(exitCode, all).toBe(0);
  return stdout;
}

const json = async (run: Parameters<typeof done>[0]) => JSON.parse(await done(run));

describe('an application through its days', () => {
  let project: AppProject;
  beforeAll(async () => {
    project = await AppProject.create();
  });
  afterAll(() => project?.dispose());

  test('up makes the cluster and deploys it; status shows it', async () => {
    const { cluster, port } = project;
    await project.configure({ env: { GREETING: 'one' }, secrets: ['TOKEN'] });
    const [up] = await json(
      cluster.kit(['up', cluster.name, '--json'], { env: { TOKEN: 'tok-one' } }),
    );
    expect(up.apps).toEqual([
      { app: 'web', outcome: 'deployed', release: 'r1', address: `http://127.0.0.1:${port}` },
    ]);
    expect(await project.ask()).toEqual({
      version: 'v1',
      bytes: 0,
      greeting: 'one',
      token: 'tok-one',
    });
    const [status] = await json(cluster.status('--json'));
    expect(status).toMatchObject({ healthy: true, problems: [] });
    expect(status.apps).toEqual([
      {
        ...{ app: 'web', kind: 'app', release: 'r1', state: 'running', earlier: [] },
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        instances: [{ name: project.nameOf('app-web-r1-1'), state: 'running' }],
        address: `http://127.0.0.1:${port}`,
      },
    ]);
  });

  test('the plan is empty, and a second up changes nothing, with or without secrets', async () => {
    const { cluster } = project;
    const before = await project.instances();
    for (const env of [{ TOKEN: 'tok-one' }, {}]) {
      const plan = await cluster.kit(['plan', cluster.name], { env });
      expect(plan.exitCode, plan.all).toBe(0);
      const [up] = await json(cluster.kit(['up', cluster.name, '--json'], { env }));
      expect(up.changes).toBe(0);
      expect(up.apps).toMatchObject([
        { outcome: 'TOKEN' in env ? 'unchanged' : 'unknown', release: 'r1' },
      ]);
    }
    expect(await project.instances()).toEqual(before);
  });

  test('a changed source is in the plan; app deploy makes it serve, under load', async () => {
    const { cluster } = project;
    const env = { TOKEN: 'tok-two' };
    await project.write('v2');
    await project.configure({ env: { GREETING: 'two' }, secrets: ['TOKEN'] });
    const plan = await cluster.kit(['plan', cluster.name, '--json'], { env });
    expect(plan.exitCode, plan.all).toBe(4);
    expect(JSON.parse(plan.stdout)).toMatchObject([
      { changes: [{ address: 'app.web', action: 'update' }] },
    ]);
    const load = startLoad(project.port);
    const outcomes = await json(project.app('deploy', ['--json'], env));
    const { lost, versions } = await load.stop();
    expect(lost).toEqual([]);
    expect(Object.keys(versions).sort()).toEqual(['v1', 'v2']);
    expect(outcomes).toMatchObject([{ app: 'web', outcome: 'deployed', release: 'r2' }]);
    expect(await project.ask()).toMatchObject({ version: 'v2', greeting: 'two', token: 'tok-two' });
    expect(await project.instances()).toEqual(['web-r1-1 exited', 'web-r2-1 running']);
    const list = await done(project.app('list'));
    expect(list).toMatch(
      /^web +app +r2 +running \(1 running\) +http:\/\/127\.0\.0\.1:\d+ +\S+ +r1$/m,
    );
  });

  test('rollback: exactly what served then, without the secrets at hand, under load', async () => {
    const load = startLoad(project.port);
    const result = await json(project.app('rollback', ['web', '--json']));
    const { lost, versions } = await load.stop();
    expect(lost).toEqual([]);
    expect(Object.keys(versions).sort()).toEqual(['v1', 'v2']);
    expect(result).toMatchObject({ app: 'web', release: 'r1', before: 'r2' });
    expect(await project.ask()).toMatchObject({ version: 'v1', greeting: 'one', token: 'tok-one' });
    expect(await project.instances()).toEqual(['web-r1-1 running', 'web-r2-1 exited']);
  });

  test('up leaves what a rollback left; app deploy deploys it again', async () => {
    const { cluster } = project;
    const env = { TOKEN: 'tok-two' };
    const plan = await cluster.kit(['plan', cluster.name], { env });
    expect(plan.exitCode, plan.all).toBe(0);
    const [up] = await json(cluster.kit(['up', cluster.name, '--json'], { env }));
    expect(up.apps).toMatchObject([{ outcome: 'held', release: 'r1' }]);
    expect(await json(project.app('deploy', ['web', '--json'], env))).toMatchObject([
      { outcome: 'deployed', release: 'r3' },
    ]);
    expect(await project.ask()).toMatchObject({ version: 'v2', token: 'tok-two' });
  });

  test('restart: new containers of the same release, no request is lost, no secret needed', async () => {
    const load = startLoad(project.port);
    const outcomes = await json(project.app('restart', ['--json']));
    const { lost } = await load.stop();
    expect(lost).toEqual([]);
    expect(outcomes).toMatchObject([{ app: 'web', release: 'r4' }]);
    expect(await project.ask()).toMatchObject({ version: 'v2', token: 'tok-two' });
    // What was restarted is nothing to go back to.
    const [state] = await json(project.app('list', ['--json']));
    expect(state.earlier).toEqual(['r1', 'r2']);
  });

  test('two rollbacks in a row: up leaves that, too; forward again is nothing to leave', async () => {
    const { cluster } = project;
    const env = { TOKEN: 'tok-two' };
    await done(project.app('rollback', ['web']));
    await done(project.app('rollback', ['web']));
    expect(await project.ask()).toMatchObject({ version: 'v1' });
    const [held] = await json(cluster.kit(['up', cluster.name, '--json'], { env }));
    expect(held.apps).toMatchObject([{ outcome: 'held', release: 'r1' }]);
    await done(project.app('rollback', ['web', '--to', 'r4']));
    expect(await project.ask()).toMatchObject({ version: 'v2', token: 'tok-two' });
    const [up] = await json(cluster.kit(['up', cluster.name, '--json'], { env }));
    expect(up.apps).toMatchObject([{ outcome: 'unchanged', release: 'r4' }]);
  });

  test('exec: exit code, input, output', async () => {
    const failing = await project.app('exec', [
      'web',
      '--',
      'sh',
      '-c',
      'echo out; echo err >&2; exit 9',
    ]);
    expect([failing.exitCode, failing.stdout, failing.stderr]).toEqual([9, 'out', 'err']);
    const { cluster } = project;
    const run = cluster.kit(['app', 'exec', cluster.name, 'web', '--', 'wc', '-c'], {
      input: 'x'.repeat(300_000),
    });
    const { exitCode, stdout, all } = await run;
    expect([exitCode, stdout.trim()], all).toEqual([0, '300000']);
    const missing = await project.app('exec', ['web', '--', 'no-such-program']);
    expect(missing.exitCode, missing.all).toBe(126);
    expect(missing.all).toContain('no-such-program');
  });

  test('exec: Ctrl-C lets go of the command, exit 130', async () => {
    const { cluster } = project;
    const script = 'echo begun; exec sleep 20';
    const run = cluster.kit(['app', 'exec', cluster.name, 'web', '--', 'sh', '-c', script]);
    await new Promise((resolve) => run.stdout.once('data', resolve));
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(130);
  });

  test('logs: of the release, newer ones, the last ones; secrets are left out', async () => {
    await project.ask('/say?text=first');
    await project.ask('/say?text=second');
    expect(await done(project.app('logs', ['web', '--tail', '1']))).toBe('second [secret]');
    const all = await done(project.app('logs', ['web', '--since', '10m']));
    expect(all).toMatch(/release v2 listens\n(.*\n)*first \[secret\]\nsecond \[secret\]$/);
    const lines = (await done(project.app('logs', ['web', '--tail', '2', '--json']))).split('\n');
    expect(lines.map((line) => JSON.parse(line).text)).toEqual([
      'first [secret]',
      'second [secret]',
    ]);
    const wrong = await project.app('logs', ['web', '--release', 'r77']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("no release 'r77'"),
    ]);
  });

  test('logs -f: goes on until Ctrl-C, exit 130', async () => {
    const { cluster } = project;
    const run = cluster.kit(['app', 'logs', cluster.name, 'web', '-f', '--tail', '0']);
    let text = '';
    run.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const until = async () => {
      await project.ask('/say?text=live');
      return text;
    };
    await expect.poll(until, { timeout: 30_000, interval: 500 }).toContain('live [secret]');
    run.kill('SIGINT');
    expect((await run).exitCode).toBe(130);
  });

  test('wrong names name the right ones', async () => {
    const cases = [
      ['deploy', ['wbe'], "there is no application 'wbe'"],
      ['rollback', ['wbe'], "there is no application 'wbe'"],
      ['restart', ['wbe'], "there is no application 'wbe'"],
      ['logs', ['wbe'], "there is no application 'wbe'"],
      ['remove', ['wbe', '--yes'], "there is no application 'wbe'"],
      ['exec', ['wbe', '--', 'true'], "there is no application 'wbe'"],
      ['rollback', ['web', '--to', 'r99'], "there is no release 'r99'"],
      ['rollback', ['web', '--to', 'r4'], 'is the release that serves'],
    ] as const;
    for (const [verb, argv, message] of cases) {
      const { exitCode, stderr } = await project.app(verb, argv);
      expect([exitCode, stderr], verb).toEqual([2, expect.stringContaining(message)]);
      if (argv[0] === 'wbe') expect(stderr).toContain("'web'");
    }
  });

  test('remove: nothing of it stays; again is no error', async () => {
    for (let round = 0; round < 2; round++) {
      expect(await done(project.app('remove', ['web', '--yes']))).toBe('Application web: removed.');
      expect(await project.instances()).toEqual([]);
      expect(await project.images()).toEqual([]);
    }
    await expect(project.ask()).rejects.toThrow();
    expect(await tracesOf(project.cluster.name)).toEqual(
      ['apps', 'config', 'data', 'database', 'network', 'server'].map(project.nameOf),
    );
  });

  test('up removes what clusters.yml no longer names, and plan shows it', async () => {
    const { cluster } = project;
    await project.configure({});
    await done(cluster.up());
    await project.configure(null);
    const plan = await cluster.plan('--json');
    expect(JSON.parse(plan.stdout)).toMatchObject([
      { changes: [{ address: 'app.web', action: 'delete' }] },
    ]);
    const [up] = await json(cluster.up('--json'));
    expect(up.apps).toMatchObject([{ app: 'web', outcome: 'removed', release: null }]);
    expect(await project.instances()).toEqual([]);
    expect(await project.images()).toEqual([]);
  });

  test('down leaves nothing, also of an application whose image is somebody else’s', async () => {
    const { cluster } = project;
    const image = (await import('../../cluster/bundled-images.js')).BUNDLED_FUNCTIONS;
    const serve = `require('http').createServer((q, r) => r.end('{}')).listen(3000)`;
    await project.configure({}, { plain: { image, command: ['node', '-e', serve], memory: 64 } });
    await done(cluster.up());
    expect(await project.images()).toEqual(['plain:r1', 'web:r1']);
    await done(cluster.down());
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await project.images()).toEqual([]);
  });
});

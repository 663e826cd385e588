import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { projectOf } from '../../cluster/project.js';
import { deployApps } from '../../lifecycle/apps/deploy-apps.js';
import { openRun } from '../../lifecycle/cluster-run.js';
import { readClustersFile } from '../../targets/clusters-file/read.js';
import { AppProject } from '../support/app-project.js';
import { engine, tracesOf } from '../support/engine-traces.js';
import { freePort } from '../support/free-port.js';
import { kitErrorOf } from '../support/kit-error-of.js';

let project: AppProject;
const secrets = { TOKEN: 'tok-fault' };

beforeAll(async () => {
  project = await AppProject.create();
  const up = await project.cluster.up();
  expect(up.exitCode, up.all).toBe(0);
});
afterAll(() => project?.dispose());

let cache = '';

/**
 * What there is of applications: containers with states, images, and objects of the cluster. The image of a deployment
 * that failed stays, as a cache for the next one.
 */
async function everything() {
  return {
    instances: await project.instances(),
    images: (await project.images()).filter((name) => name !== cache),
    objects: await tracesOf(project.cluster.name),
  };
}

async function deploy(env: NodeJS.ProcessEnv = {}) {
  const { exitCode, stdout, stderr, all } = await project.app('deploy', ['--json'], env);
  const error = exitCode === 0 ? undefined : JSON.parse(stdout).error;
  return { exitCode, code: error?.code as string, text: stderr, all };
}

describe('a deployment that fails leaves the release before serving, and nothing else', () => {
  let before: Awaited<ReturnType<typeof everything>>;
  beforeAll(async () => {
    await project.write('good');
    await project.configure();
    const { exitCode, all, stdout } = await project.app('deploy', ['--json']);
    expect(exitCode, all).toBe(0);
    const [{ release }] = JSON.parse(stdout);
    cache = `web:r${Number(release.slice(1)) + 1}`;
    before = await everything();
  });
  beforeEach(async () => {
    await project.write('good');
    await project.configure();
  });

  async function expectUnharmed() {
    expect(await project.ask()).toMatchObject({ version: 'good' });
    expect(await everything()).toEqual(before);
  }

  test('the build fails: its last lines are shown', async () => {
    await project.write('bad', ['RUN echo first line; echo no compiler here; exit 3']);
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([3, 'app-build-failed']);
    expect(text).toContain('no compiler here');
    expect(text).toContain('exit code 3');
    await expectUnharmed();
  });

  test('the base image is not to be had', async () => {
    await project.write('bad', [], 'clusterkit/no-such-image:0.0.1');
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([3, 'image-missing']);
    expect(text).toContain('clusterkit/no-such-image:0.0.1');
    await expectUnharmed();
  });

  test('it ends at once: exit code and log, without its secrets', async () => {
    await project.configure({ env: { MODE: 'ends' }, secrets: ['TOKEN'] });
    const { exitCode, code, text } = await deploy(secrets);
    expect([exitCode, code], text).toEqual([3, 'app-ended']);
    expect(text).toContain('exit code 7');
    expect(text).toContain('no database: [secret]');
    await expectUnharmed();
  });

  test('it needs more memory than it has at its start', async () => {
    await project.configure({ env: { MODE: 'eats' } });
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([3, 'app-ended']);
    expect(text).toContain('needs more memory');
    expect(text).toContain('Set memory to more');
    await expectUnharmed();
  });

  test('its command does not exist', async () => {
    await project.configure({ command: ['no-such-program'] });
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([3, 'app-ended']);
    expect(text).toContain('no-such-program');
    await expectUnharmed();
  });

  test('the release command fails: its output is shown, without secrets', async () => {
    const release = ['sh', '-c', 'echo migrating with $TOKEN; exit 4'];
    await project.configure({ release, secrets: ['TOKEN'] });
    const { exitCode, code, text } = await deploy(secrets);
    expect([exitCode, code], text).toEqual([3, 'app-release-failed']);
    expect(text).toContain('exit code 4');
    expect(text).toContain('migrating with [secret]');
    await expectUnharmed();
  });

  test.each([
    [
      'health never comes',
      { env: { MODE: 'ill' } },
      'app-unhealthy',
      'status 503: still warming up',
    ],
    [
      'the release command never ends',
      { release: ['sleep', '600'] },
      'app-release-failed',
      'has not ended within 3 s',
    ],
  ])('%s', async (_, web, code, message) => {
    await project.configure(web);
    const error = await kitErrorOf(() => deployWithin({ healthyMs: 3000, releaseMs: 3000 }));
    expect(error).toMatchObject({ code, exitCode: 3 });
    expect(error.message).toContain(message);
    await expectUnharmed();
  });

  test('a secret or its file is missing: nothing is begun', async () => {
    await project.configure({ secrets: ['TOKEN', { name: 'KEY', file: './no.key' }] });
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([2, 'app-secret-missing']);
    expect(text).toContain('TOKEN is not set');
    expect(text).toContain('no.key');
    await expectUnharmed();
  });

  test('a new port is taken by another program; the other port goes on', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await project.configure({ port: `${port}:3000` });
    const { exitCode, code, text } = await deploy();
    expect([exitCode, code], text).toEqual([3, 'port-taken']);
    expect(text).toContain(`port ${port} is taken`);
    await expectUnharmed();
  });
});

test('of two the good one is deployed, and the other one reported', async () => {
  const port = `${await freePort()}:3000`;
  const bad = { ...project.web({ env: { MODE: 'ends' } }), port };
  await project.write('better');
  await project.configure({}, { bad });
  const { exitCode, stdout, all } = await project.app('deploy', ['--json']);
  expect(exitCode, all).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'app-ended', problems: [{ path: expect.stringContaining('apps.bad') }] },
    done: [{ app: 'web', outcome: 'deployed' }],
  });
  expect(await project.ask()).toMatchObject({ version: 'better' });
  expect((await project.instances()).filter((each) => each.startsWith('bad'))).toEqual([]);
  expect(await tracesOf(project.cluster.name)).not.toContain(project.nameOf('edge-2'));
});

test('the image of an earlier release is gone: the rollback says so', async () => {
  await project.write('older');
  await project.configure();
  const { stdout: text } = await project.app('deploy', ['--json']);
  const [{ release }] = JSON.parse(text);
  const old = engine.getContainer(project.nameOf(`app-web-${release}-1`));
  const { Image } = await old.inspect();
  await project.write('newer');
  await project.configure({ instances: 2 });
  expect((await deploy()).exitCode).toBe(0);
  await old.remove({ force: true });
  await engine
    .getImage(Image)
    .remove({ force: true })
    .catch(() => undefined);
  const { exitCode, stdout, all } = await project.app('rollback', ['web', '--json']);
  expect([exitCode, JSON.parse(stdout).error.code], all).toEqual([3, 'release-gone']);
  expect(await project.ask()).toMatchObject({ version: 'newer' });
});

describe('what somebody or something does to a running application', () => {
  let release: string;
  beforeAll(async () => {
    await project.write('good');
    await project.configure({ instances: 2, secrets: ['TOKEN'] });
    const { exitCode, all, stdout } = await project.app('deploy', ['--json', '--force'], secrets);
    expect(exitCode, all).toBe(0);
    release = JSON.parse(stdout)[0].release;
  });

  const upOf = async () => {
    const { exitCode, all, stdout } = await project.cluster.up('--json');
    expect(exitCode, all).toBe(0);
    return JSON.parse(stdout)[0].apps;
  };
  const instance = (number: number) =>
    engine.getContainer(project.nameOf(`app-web-${release}-${number}`));

  test('an instance is removed: up makes it again, without the secrets at hand', async () => {
    await instance(1).remove({ force: true });
    const plan = await project.cluster.plan('--json');
    expect(JSON.parse(plan.stdout)).toMatchObject([
      { changes: [{ address: 'app.web', action: 'repair' }] },
    ]);
    const status = await project.cluster.status();
    expect(status.exitCode).toBe(4);
    expect(status.all).toContain('degraded');
    expect(await upOf()).toMatchObject([{ release, outcome: 'deployed' }]);
    expect(await project.ask()).toMatchObject({ token: 'tok-fault' });
    const both = (await project.instances()).filter((each) => each.endsWith('running'));
    expect(both).toEqual([`web-${release}-1 running`, `web-${release}-2 running`]);
  });

  test('an instance eats its memory: status says so, the other one serves', async () => {
    await fetch(`http://127.0.0.1:${project.port}/eat`).catch(() => undefined);
    const killed = async () => {
      const states = await Promise.all([1, 2].map((number) => instance(number).inspect()));
      return states.reduce((sum, { RestartCount }) => sum + RestartCount, 0);
    };
    await expect.poll(killed, { timeout: 60_000 }).toBeGreaterThan(0);
    for (let round = 0; round < 5; round++) {
      expect(await project.ask()).toMatchObject({ version: 'good' });
    }
    const status = await project.cluster.status('--json');
    expect(status.exitCode, status.all).toBe(4);
    expect(status.stdout).toContain('memory');
  });

  test.each(['removed', 'killed'])('the edge is %s: status says so, up mends it', async (how) => {
    const edge = engine.getContainer(project.nameOf('edge'));
    if (how === 'removed') await edge.remove({ force: true });
    else await edge.kill();
    const status = await project.cluster.status('--json');
    expect(status.exitCode, status.all).toBe(4);
    expect(status.stdout).toContain('edge');
    await upOf();
    expect(await project.ask()).toMatchObject({ version: 'good' });
  });

  test('the edge is killed: app deploy mends it, too', async () => {
    await engine.getContainer(project.nameOf('edge')).kill();
    const { exitCode, all, stdout } = await project.app('deploy', ['--json'], secrets);
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await project.ask()).toMatchObject({ version: 'good' });
  });

  test('two deployments at once: one after the other, both succeed', async () => {
    await project.write('twice');
    const runs = await Promise.all([1, 2].map(() => project.app('deploy', ['--json'], secrets)));
    for (const { exitCode, all } of runs) expect(exitCode, all).toBe(0);
    const outcomes = runs.map(({ stdout }) => JSON.parse(stdout)[0].outcome as string);
    expect(outcomes.sort()).toEqual(['deployed', 'unchanged']);
    expect(await project.ask()).toMatchObject({ version: 'twice' });
  });

  test('what is deployed is no longer known: everybody says so, and --force deploys all anew', async () => {
    const edge = engine.getContainer(project.nameOf('edge'));
    const { damageDocument } = await import('../support/damage-document.js');
    await damageDocument(edge);
    for (const verb of ['deploy', 'list', 'restart'] as const) {
      const { exitCode, stdout, all } = await project.app(verb, ['--json'], secrets);
      expect([exitCode, JSON.parse(stdout).error.code], all).toEqual([3, 'apps-damaged']);
    }
    for (const run of [project.cluster.up('--json'), project.cluster.plan('--json')]) {
      const { exitCode, all } = await run;
      expect(exitCode, all).toBe(3);
      expect(all).toContain('apps-damaged');
    }
    expect(await project.ask()).toMatchObject({ version: 'twice' });
    await project.configure({ env: { MODE: 'ends' }, secrets: ['TOKEN'] });
    expect((await project.app('deploy', ['--force'], secrets)).exitCode).toBe(3);
    expect(await project.ask()).toMatchObject({ version: 'twice' });
    await project.configure({ secrets: ['TOKEN'] });
    const { exitCode, all } = await project.app('deploy', ['--force'], secrets);
    expect(exitCode, all).toBe(0);
    expect(await project.ask()).toMatchObject({ version: 'twice', token: 'tok-fault' });
  });

  test('the network is made anew: up starts what is left in it', async () => {
    const names = (await tracesOf(project.cluster.name)).filter((name) =>
      /-(edge|server|database|app-.*)$/.test(name),
    );
    for (const name of names)
      await engine
        .getContainer(name)
        .stop({ t: 2 })
        .catch(() => undefined);
    await engine.getNetwork(project.nameOf('network')).remove();
    await upOf();
    expect(await project.ask()).toMatchObject({ version: 'twice' });
  });
});

/** `app deploy` with other limits than the kit's. */
async function deployWithin(limits: { healthyMs: number; releaseMs: number }) {
  const { cluster } = project;
  const clusters = await readClustersFile(cluster.configFile);
  const quiet = { done: () => {}, detail: () => {}, warn: () => {} };
  const run = openRun(
    {
      ...{ cluster: cluster.name, registry: cluster.registry, env: cluster.env() },
      ...{
        project: projectOf('clusters.yml', cluster.directory),
        cacheDir: join(cluster.home, 'cache'),
      },
      ...{ progress: quiet, signal: new AbortController().signal, command: 'app deploy' },
    },
    clusters,
  );
  return deployApps(run, run.settings.apps ?? [], { force: false, limits });
}

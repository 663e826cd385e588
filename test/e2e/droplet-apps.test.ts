import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHello, writeReport, writeWeb } from '../support/app-sources.js';
import { Blog } from '../support/blog.js';
import { cutAt, type Milestone } from '../support/cut-run.js';
import { refuseSsh } from '../support/digitalocean/droplets/live-faults.js';
import { doorOf } from '../support/door.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { startLoad } from '../support/edge-load.js';
import { engine, tracesOf } from '../support/engine-traces.js';
import { installRealCli } from '../support/real-cli.js';
import { eventually } from '../support/service.js';
import { changesTo } from '../support/test-account.js';

type Run = PromiseLike<{ exitCode?: number | undefined; all: string; stdout: string }>;
type Settings = Readonly<Record<string, unknown>>;

/** What the kit wrote; it has to work. */
async function done(run: Run): Promise<string> {
  const { exitCode, all, stdout } = await run;
  expect(exitCode, all).toBe(0);
  return stdout;
}
const json = async (run: Run) => JSON.parse(await done(run));

describe('applications on a droplet', () => {
  let cluster: TestDropletCluster;
  let host: string;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestDropletCluster.create();
    await Promise.all([
      writeWeb(join(cluster.directory, 'web'), 'v1'),
      writeHello(join(cluster.directory, 'hello'), 'v1'),
      writeReport(join(cluster.directory, 'report')),
    ]);
    await configure();
  });
  afterAll(async () => {
    await cluster?.dispose();
    for (const image of await builtImages()) await engine.getImage(image).remove({ force: true });
  });

  const common = { memory: 64, drain: '5s' };
  const web = (): Settings => ({ ...common, build: 'web', port: 3000, health: '/', instances: 2 });
  const hello = (): Settings => {
    const sources = [cluster.account.droplets.operator];
    return {
      ...common,
      memory: 128,
      function: 'hello',
      port: 3001,
      idle: '2s',
      instances: 1,
      sources,
    };
  };
  const report = (): Settings => {
    const reads = { service: 'blog/dev', database: 'direct', connections: 2 };
    return { ...common, build: 'report', ...reads, env: { PGOPTIONS: '' } };
  };
  const configure = (apps: Settings = {}, settings: Settings = {}) =>
    cluster.configure({ ...settings, apps: { web: web(), hello: hello(), ...apps } });

  const app = (verb: string, ...argv: string[]) =>
    cluster.kit(['app', verb, cluster.name, ...argv]);
  const ask = async (port: number): Promise<{ version: string; requests?: number }> => {
    const response = await fetch(`http://${host}:${port}/`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(20_000),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${body}`);
    return JSON.parse(body);
  };
  const onDroplet = async (...argv: string[]) =>
    (await cluster.account.machine()).machine.run(...argv);
  /** Containers of applications on the droplet: `web-r1-1 running`. */
  const instances = async (name = ''): Promise<string[]> => {
    const prefix = `clusterkit-${cluster.name}-app-${name}`;
    const found = await onDroplet('docker', 'ps', '-a', '--format', '{{.Names}} {{.State}}');
    const lines = found
      .trim()
      .split('\n')
      .filter((line) => line.startsWith(prefix));
    return lines.map((line) => line.slice(prefix.length - name.length).trim()).sort();
  };
  const builtImages = async (): Promise<string[]> => {
    const reference = [`clusterkit-app/${cluster.name}-*`];
    const found = await engine.listImages({ filters: { reference } });
    return found.flatMap(({ RepoTags }) => RepoTags ?? []).sort();
  };
  const knock = async (port: number) => {
    const argv = ['curl', '-sv', '-o', '/dev/null', '--connect-timeout', '1', '--max-time', '3'];
    return doorOf(
      await cluster.account.droplets.fromElsewhere([...argv, `http://${host}:${port}/`]),
    );
  };
  const openPorts = async () => {
    const { firewalls } = (await cluster.account.call('GET', '/v2/firewalls')) as {
      firewalls: { inbound_rules: { ports: string; sources: { addresses: string[] } }[] }[];
    };
    const rules = firewalls.flatMap(({ inbound_rules }) => inbound_rules);
    return Object.fromEntries(rules.map(({ ports, sources }) => [ports, sources.addresses.sort()]));
  };

  test('a size that is too small is refused, with each part and those that fit', async () => {
    await configure({}, { size: 's-1vcpu-1gb' });
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(2);
    expect(plan.all).toContain("size 's-1vcpu-1gb' has 1024 MB of memory");
    expect(plan.all).toContain(
      'applications need 576 MB (hello 128, web 2 × 64 = 128, edge 64, activator 192, waker 64)',
    );
    expect(plan.all).toContain('server 512, database 256, system 384');
    expect(plan.all).toContain('s-1vcpu-2gb');
    await configure();
    const fits = await cluster.plan('--json');
    expect(fits.exitCode, fits.all).toBe(4);
    const [{ changes }] = JSON.parse(fits.stdout);
    expect(changes).toEqual(
      expect.arrayContaining([
        { address: 'app.web', action: 'create' },
        { address: 'app.hello', action: 'create' },
      ]),
    );
    expect(changesTo(cluster.account)).toEqual([]);
  });

  test('up builds here, copies the images, and makes them serve', async () => {
    const [up] = await json(cluster.up('--json'));
    ({ host } = await cluster.account.only());
    expect(up.apps).toEqual([
      { app: 'hello', outcome: 'deployed', release: 'r1', address: `http://${host}:3001` },
      { app: 'web', outcome: 'deployed', release: 'r1', address: `http://${host}:3000` },
    ]);
    expect(await ask(3000)).toMatchObject({ version: 'v1' });
    expect(await ask(3001)).toMatchObject({ version: 'v1', requests: 1 });
    expect(await builtImages()).toEqual([
      `clusterkit-app/${cluster.name}-hello:r1`,
      `clusterkit-app/${cluster.name}-web:r1`,
    ]);
    // Nothing of it runs here.
    expect(await tracesOf(cluster.name)).toEqual([]);
  });

  test('the firewall opens the published ports, each to its sources, and no other', async () => {
    const { operator } = cluster.account.droplets;
    const everybody = ['0.0.0.0/0', '::/0'];
    expect(await openPorts()).toEqual({
      ...{ 22: [`${operator}/32`], 4466: [`${operator}/32`] },
      ...{ 3000: everybody, 3001: [operator] },
    });
    expect(await Promise.all([3000, 3001, 3002].map(knock))).toEqual([
      'connected',
      'silent',
      'silent',
    ]);
  });

  test('status, list, logs and exec', async () => {
    const [status] = await json(cluster.status('--json'));
    expect(status).toMatchObject({ healthy: true, problems: [] });
    const nameOf = (instance: string) => `clusterkit-${cluster.name}-app-${instance}`;
    expect(await json(app('list', '--json'))).toMatchObject([
      { app: 'hello', kind: 'function', release: 'r1', state: 'ready' },
      {
        ...{ app: 'web', kind: 'app', release: 'r1', state: 'running' },
        instances: ['web-r1-1', 'web-r1-2'].map((instance) => ({
          ...{ name: nameOf(instance), state: 'running' },
        })),
      },
    ]);
    expect(await done(app('logs', 'web'))).toContain('release v1 listens');
    expect(await done(app('exec', 'web', '--', 'printenv', 'PORT'))).toBe('3000');
    const failed = await app('exec', 'hello', '--', 'sh', '-c', 'exit 7');
    expect(failed.exitCode, failed.all).toBe(7);
  });

  test('plan is empty, and a second up changes nothing', async () => {
    const before = await onDroplet('docker', 'ps', '-aq', '--no-trunc');
    const plan = await cluster.plan('--json');
    expect(plan.exitCode, plan.all).toBe(0);
    const [up] = await json(cluster.up('--json'));
    expect(up).toMatchObject({ changes: 0, entry: 'unchanged' });
    expect(up.apps).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'unchanged' }]);
    expect(await onDroplet('docker', 'ps', '-aq', '--no-trunc')).toBe(before);
  });

  test('deploy and rollback lose no request that comes through the published port', async () => {
    await writeWeb(join(cluster.directory, 'web'), 'v2');
    const load = startLoad(3000, host);
    expect(await json(app('deploy', '--json'))).toMatchObject([
      { app: 'hello', outcome: 'unchanged', release: 'r1' },
      { app: 'web', outcome: 'deployed', release: 'r2' },
    ]);
    expect(await ask(3000)).toMatchObject({ version: 'v2' });
    expect(await json(app('rollback', 'web', '--json'))).toMatchObject({ release: 'r1' });
    expect(await ask(3000)).toMatchObject({ version: 'v1' });
    const { lost, versions } = await load.stop();
    expect(lost).toEqual([]);
    expect(Object.keys(versions).sort()).toEqual(['v1', 'v2']);
  });

  test('of a changed image only the layers that the droplet lacks are sent', async () => {
    const received = async () =>
      Number(await onDroplet('cat', '/sys/class/net/eth0/statistics/rx_bytes'));
    await writeHello(join(cluster.directory, 'hello'), 'v2');
    const before = await received();
    expect(await json(app('deploy', 'hello', '--json'))).toMatchObject([{ release: 'r2' }]);
    expect((await received()) - before).toBeLessThan(3_000_000);
    expect(await ask(3001)).toMatchObject({ version: 'v2', requests: 1 });
  });

  test('one that uses the database leaves server and database less memory, and disturbs nobody', async () => {
    const blog = await Blog.deploy(cluster);
    await blog.add('alice@example.com');
    await configure({ report: report() });
    const plan = await cluster.plan();
    expect(plan.all).toContain('applications need 704 MB instead of 576 MB');
    const load = startLoad(3000, host);
    const [up] = await json(cluster.up('--json'));
    expect((await load.stop()).lost).toEqual([]);
    expect(up.apps).toMatchObject([
      { app: 'hello', outcome: 'unchanged' },
      { app: 'report', outcome: 'deployed', release: 'r1', address: null },
      { app: 'web', outcome: 'held', release: 'r1' },
    ]);
    expect(await emailsOfReport()).toBe('alice@example.com');
  });

  const emailsOfReport = () => {
    const line = 'psql "$DATABASE_URL" -Atc \'select email from "User"\'';
    return done(app('exec', 'report', '--', 'sh', '-c', line));
  };

  test.for<[string, () => Milestone]>([
    [
      'images are copied',
      () => async () => (await onDroplet('ls', '/var/lib/docker/tmp')).includes('docker-import'),
    ],
    ['containers start', () => async () => (await instances('web')).some(isThird)],
  ])('app deploy killed while %s: the release before serves', async ([, milestone]) => {
    const start = () =>
      cluster.kit(['app', 'deploy', cluster.name, 'web', '--verbose'], { ownGroup: true });
    const load = startLoad(3000, host);
    const { reached, said } = await cutAt(cluster, start, milestone());
    expect((await load.stop()).lost).toEqual([]);
    expect(reached, said).toBe(true);
    expect(await ask(3000)).toMatchObject({ version: 'v1' });
  });

  const isThird = (instance: string) => instance.startsWith('web-r3-');

  test('app deploy without its connection: a typed error, and the next run deploys', async () => {
    const droplet = await cluster.account.machine();
    const run = app('deploy', 'web');
    await eventually(async () => {
      expect(await instances('web')).toContain('web-r3-1 running');
    });
    await refuseSsh(droplet, 2);
    const { exitCode, all } = await run;
    expect(exitCode, all).toBe(3);
    expect(await ask(3000)).toMatchObject({ version: 'v1' });
    expect(await eventually(() => json(app('deploy', 'web', '--json')))).toMatchObject([
      { app: 'web', outcome: 'deployed', release: 'r3' },
    ]);
    expect(await ask(3000)).toMatchObject({ version: 'v2' });
    expect(await instances('web')).toEqual([
      ...['web-r1-1 exited', 'web-r2-1 exited', 'web-r3-1 running', 'web-r3-2 running'],
    ]);
    expect(await onDroplet('ls', '/var/lib/docker/tmp')).toBe('');
  });

  const expectServing = async () => {
    await eventually(async () => {
      expect(await ask(3000)).toMatchObject({ version: 'v2' });
      expect(await ask(3001)).toMatchObject({ version: 'v2' });
      expect(await emailsOfReport()).toBe('alice@example.com');
      const [status] = await json(cluster.status('--json'));
      expect(status).toMatchObject({ healthy: true, problems: [] });
    });
    const running = (await instances()).filter((each) => each.endsWith(' running'));
    expect(running.filter((each) => !each.startsWith('hello'))).toEqual([
      ...['report-r1-1 running', 'web-r3-1 running', 'web-r3-2 running'],
    ]);
    const [up] = await json(cluster.up('--json'));
    expect(up.apps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      Array(3).fill('unchanged'),
    );
  };

  test('after a restart of the engine everything serves again by itself', async () => {
    await onDroplet('systemctl', 'restart', 'docker');
    await expectServing();
  });

  test.each(['reboot', 'power_cycle'])('after a %s, too', async (type) => {
    await cluster.account.act(type);
    await expectServing();
  });

  test('down leaves nothing: on the account, here, or in the registry', async () => {
    expect(await builtImages()).not.toEqual([]);
    await done(cluster.down());
    expect(cluster.account.left()).toEqual([]);
    expect(cluster.account.api.runtimeErrors).toEqual([]);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await builtImages()).toEqual([]);
    expect((await cluster.readRegistry()) ?? '').not.toContain(cluster.name);
  });
});

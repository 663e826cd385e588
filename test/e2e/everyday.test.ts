import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerIds, engine, tracesOf } from '../support/engine-traces.js';
import { installRealCli, realCli } from '../support/real-cli.js';
import {
  eventually,
  query,
  USERS_AND_POSTS,
  WITH_PUBLISHED,
  writeService,
} from '../support/service.js';
import { stepTimes } from '../support/step-times.js';
import { compiled, TestCluster } from '../support/test-cluster.js';
import { toyApp } from '../support/toy-app.js';

/** What another tool and the user left in the registry before. */
const FOREIGN = `# mine, keep it
clusters:
  # the one in the office
  office:
    host: "http://office.example.com:4466"   # by VPN
    clusterSecret: shared
other: [1,   2]
`;

describe('one cluster through its days', () => {
  let cluster: TestCluster;
  let service: string;
  let token: string;
  const prisma = (...argv: string[]) =>
    realCli('1.6.3', argv, { cwd: service, home: cluster.home });
  const api = () => `${cluster.endpoint}/blog/dev`;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestCluster.create();
    service = join(cluster.directory, 'service');
    await cluster.writeRegistry(FOREIGN);
  });
  afterAll(() => cluster?.dispose());

  test('up: running, proven, registered; the rest of the registry as it was', async () => {
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        cluster: cluster.name,
        endpoint: cluster.endpoint,
        version: expect.stringMatching(/^1\.8\.\d+-clusterkit\./),
        registry: cluster.registry,
        entry: 'added',
        changes: expect.any(Number),
        steps: stepTimes(
          ...['check state', 'preflight', 'pull images', 'read registry', 'claim database'],
          ...['apply', 'verify and register', 'settle', 'applications'],
        ),
      },
    ]);
    expect(await tracesOf(cluster.name)).toEqual(
      ['config', 'data', 'database', 'network', 'server'].map(
        (role) => `clusterkit-${cluster.name}-${role}`,
      ),
    );
    const registry = await cluster.readRegistry();
    expect(registry).toContain(`host: 'http://127.0.0.1:${cluster.port}'`);
    for (const line of FOREIGN.trim().split('\n')) expect(registry).toContain(line);
  });

  test('what it keeps is kept to its owner', async () => {
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    const paths = await readdir(cluster.stateDir, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      paths
        .filter((each) => each.isFile() || each.isDirectory())
        .filter((each) => !each.parentPath.includes('.terraform'))
        .map(async (each) => `${await modeOf(join(each.parentPath, each.name))} ${each.name}`),
    );
    expect(modes.filter((line) => !/^[67]00 /.test(line))).toEqual([]);
    expect(await modeOf(cluster.stateDir)).toBe('700');
    expect(await modeOf(cluster.registry)).toBe('600');
  });

  test('plan is empty, exit 0; status is healthy, exit 0', async () => {
    const plan = await cluster.plan('--json');
    expect(plan.exitCode, plan.all).toBe(0);
    expect(JSON.parse(plan.stdout)).toEqual([
      {
        cluster: cluster.name,
        before: { version: '1.8', auth: 'rsa', gateway: false, derivedSecret: true },
        changes: [],
        steps: stepTimes(
          ...['check state', 'preflight', 'plan', 'read registry', 'compare applications'],
        ),
      },
    ]);

    const status = await cluster.status('--json');
    expect(status.exitCode, status.all).toBe(0);
    const [found] = JSON.parse(status.stdout);
    found.runs.sort((a: { role: string }, b: { role: string }) => a.role.localeCompare(b.role));
    expect([found]).toEqual([
      {
        cluster: cluster.name,
        target: 'docker',
        endpoint: cluster.endpoint,
        made: true,
        healthy: true,
        containers: { database: 'running', server: 'running' },
        runs: ['database', 'server'].map((role) =>
          expect.objectContaining({ role, state: 'running', restarts: 0, killedForMemory: false }),
        ),
        version: expect.stringMatching(/^1\.8\./),
        auth: 'ok',
        key: 'here',
        registry: 'current',
        problems: [],
        steps: expect.arrayContaining(stepTimes('read state', 'ask engines', 'ask server')),
      },
    ]);
  });

  test('the real CLI lists it, with its version', async () => {
    await writeService(service, { cluster: cluster.name, types: USERS_AND_POSTS });
    const { exitCode, stdout, all } = await prisma('cluster', 'list');
    expect(exitCode, all).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${cluster.name} +1\\.8\\.\\S+ +${cluster.endpoint}`, 'm'));
  });

  test('the real CLI deploys two related types', async () => {
    const { exitCode, stdout, all } = await prisma('deploy');
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain('Created type `User`');
    expect(stdout).toContain('Created type `Post`');
    expect(stdout).toContain(api());
  });

  test('the real CLI tells where the service is, and gives a token for it', async () => {
    const info = await prisma('info');
    expect(info.exitCode, info.all).toBe(0);
    expect(info.stdout).toContain(api());
    const given = await prisma('token');
    expect(given.exitCode, given.all).toBe(0);
    token = given.stdout.trim();
    expect(token.split('.')).toHaveLength(3);
  });

  const alice = {
    email: 'alice@example.com',
    posts: [{ title: 'Hello', author: { email: 'alice@example.com' } }],
  };
  const users = '{ users { email posts { title author { email } } } }';

  test('with that token data goes in and comes out; without it nothing does', async () => {
    const mutation =
      'mutation { createUser(data: { email: "alice@example.com", posts: { create: [{ title: "Hello" }] } }) { email } }';
    const refused = await query(api(), mutation);
    expect(refused.errors?.[0]?.code).toBe(3015);
    expect(await query(api(), mutation, token)).toEqual({
      data: { createUser: { email: 'alice@example.com' } },
    });
    expect(await query(api(), users, token)).toEqual({ data: { users: [alice] } });
  });

  test('the real CLI deploys an added field, and data stays', async () => {
    await writeService(service, { cluster: cluster.name, types: WITH_PUBLISHED });
    const { exitCode, stdout, all } = await prisma('deploy');
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain('Created field `published`');
    expect(await query(api(), users, token)).toEqual({ data: { users: [alice] } });
    expect(await query(api(), '{ posts { title published } }', token)).toEqual({
      data: { posts: [{ title: 'Hello', published: null }] },
    });
  });

  test('the real CLI wanted to phone home, and was kept from it', async () => {
    const refused = await readFile(join(cluster.home, 'refused-hosts'), 'utf8');
    expect(refused).not.toMatch(/localhost|127\.0\.0\.1/);
  });

  test('data survives a restart of both containers', async () => {
    const ids = await containerIds(cluster.name);
    await Promise.all(Object.values(ids).map((id) => engine.getContainer(id).restart({ t: 10 })));
    const result = await eventually(() => query(api(), users, token));
    expect(result).toEqual({ data: { users: [alice] } });
  });

  test('a second up changes nothing', async () => {
    const before = await containerIds(cluster.name);
    const registry = await cluster.readRegistry();
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
    expect(await containerIds(cluster.name)).toEqual(before);
    expect(await cluster.readRegistry()).toBe(registry);
  });

  test('an entry that another tool erased comes back, and plan says so before', async () => {
    await cluster.writeRegistry(FOREIGN);
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(4);
    expect(plan.stdout).toContain('registry entry (create)');
    const status = await cluster.status('--json');
    expect(status.exitCode).toBe(4);
    expect(JSON.parse(status.stdout)).toMatchObject([{ healthy: false, registry: 'absent' }]);

    const before = await containerIds(cluster.name);
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ entry: 'added', changes: 0 }]);
    expect(await containerIds(cluster.name)).toEqual(before);
  });

  test('a stopped server: status exit 4; up brings it back', async () => {
    const { server = '' } = await containerIds(cluster.name);
    await engine.getContainer(server).stop({ t: 10 });
    const status = await cluster.status('--json');
    expect(status.exitCode, status.all).toBe(4);
    expect(JSON.parse(status.stdout)).toMatchObject([
      {
        healthy: false,
        containers: { database: 'running', server: 'exited' },
        version: null,
        auth: 'unknown',
      },
    ]);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect((await cluster.status()).exitCode).toBe(0);
    expect(await query(api(), users, token)).toEqual({ data: { users: [alice] } });
  });

  test('a changed port: plan exit 4 and nothing changed; up moves it, data stays', async () => {
    const before = await containerIds(cluster.name);
    await cluster.configure({ port: cluster.port + 1 });
    const plan = await cluster.plan('--json');
    expect(plan.exitCode, plan.all).toBe(4);
    const [{ changes }] = JSON.parse(plan.stdout) as [{ changes: { address: string }[] }];
    const addresses = changes.map(({ address }) => address);
    expect(addresses).toContain('docker_container.server');
    expect(addresses).not.toContain('docker_container.database');
    expect(addresses).not.toContain('docker_volume.data');
    expect(await containerIds(cluster.name)).toEqual(before);

    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(await cluster.readRegistry()).toContain(`http://127.0.0.1:${cluster.port}'`);
    expect((await containerIds(cluster.name)).database).toBe(before.database);
    expect(await query(api(), users, token)).toEqual({ data: { users: [alice] } });
  });

  test('down --keep-data, up: the same data and the same key; applications go', async () => {
    await toyApp(cluster.name);
    const key = join(cluster.stateDir, 'keys', cluster.name, 'private.pem');
    const before = await readFile(key, 'utf8');
    const down = await cluster.down('--keep-data');
    expect(down.exitCode, down.all).toBe(0);
    expect(await tracesOf(cluster.name)).toEqual([`clusterkit-${cluster.name}-data`]);
    expect(await cluster.readRegistry()).toBe(FOREIGN);

    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(await readFile(key, 'utf8')).toBe(before);
    expect(await query(api(), users, token)).toEqual({ data: { users: [alice] } });
  });

  test('down without --yes asks nobody here, and drops nothing', async () => {
    const { exitCode, stderr } = await cluster.kit(['down', cluster.name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Add --yes to drop it, or --keep-data to keep it.');
    expect(await tracesOf(cluster.name)).toHaveLength(5);
  });

  test('down asks on a terminal; no is no', async () => {
    const { exitCode, text } = await answerOnTerminal(cluster, 'n');
    expect(text).toContain(`Drop all data of cluster ${cluster.name}?`);
    expect(exitCode).not.toBe(0);
    expect(await tracesOf(cluster.name)).toHaveLength(5);
  });

  test('down: nothing is left, and the registry is as it was, byte for byte', async () => {
    await chmod(cluster.registry, 0o600);
    const { exitCode, stdout, all } = await cluster.down('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { cluster: cluster.name, removed: 5, keptData: false },
    ]);
    expect(await tracesOf(cluster.name)).toEqual([]);
    expect(await cluster.readRegistry()).toBe(FOREIGN);
    expect(await readdir(join(cluster.stateDir, 'keys'))).toEqual([]);
  });

  test('down again: already gone is no error', async () => {
    const { exitCode, stdout, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(stdout).toBe(`Cluster ${cluster.name} does not exist: nothing of it was found.`);
  });
});

/** Runs `down` on a pseudo-terminal and gives one answer. */
function answerOnTerminal(
  cluster: TestCluster,
  answer: string,
): Promise<{ exitCode: number; text: string }> {
  const { PATH = '', HOME = '', XDG_CACHE_HOME = '', DOCKER_HOST } = cluster.env();
  const terminal = spawn(process.execPath, [compiled('cli/main.js'), 'down', cluster.name], {
    cwd: cluster.directory,
    env: { PATH, HOME, XDG_CACHE_HOME, TERM: 'dumb', ...(DOCKER_HOST && { DOCKER_HOST }) },
  });
  let text = '';
  return new Promise((resolve) => {
    terminal.onData((data) => {
      const before = text.includes('Drop all data');
      text += data;
      if (!before && text.includes('Drop all data')) terminal.write(`${answer}\r`);
    });
    terminal.onExit(({ exitCode }) => resolve({ exitCode, text }));
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readSettings } from '../../../programs/dev-server/settings/read-settings.js';
import { startServer } from '../../../programs/dev-server/start.js';
import { freePort } from '../../support/free-port.js';
import { realCli } from '../../support/real-cli.js';
import {
  eventually,
  query,
  USERS_AND_POSTS,
  WITH_PUBLISHED,
  writeService,
} from '../../support/service.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import { ask, clusterToken, configuration, privateKey, publicKey } from './test-server.js';

let bundle: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    ...{
      entryPoints: ['programs/dev-server/main.ts'],
      bundle: true,
      write: false,
      logLevel: 'silent',
    },
    ...{ platform: 'node', target: 'node18', format: 'esm', external: ['pg-native'] },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  bundle = outputFiles[0]?.text ?? '';
});

/** The bundle as a process with nothing but `env`. */
async function startWith(env: NodeJS.ProcessEnv) {
  const program = join(await temporaryDirectory(), 'server.mjs');
  await writeFile(program, bundle);
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [program], { cwd: '/', env, stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, text: () => text };
}

/** The same, with its configuration in a file of mode 0600. */
async function startProcess(config: string) {
  const path = join(await temporaryDirectory(), 'prisma.yml');
  await writeFile(path, config, { mode: 0o600 });
  return startWith({ PRISMA_CONFIG_PATH: path });
}

const portOf = (started: { text: () => string }) =>
  eventually(async () => {
    const found = /listens on port (\d+)/.exec(started.text())?.[1];
    if (found === undefined) throw new Error(started.text());
    return Number(found);
  });

async function startListening(database: TestDatabase) {
  const started = await startProcess(configuration(database));
  return { ...started, port: await portOf(started) };
}

describe.each(DATABASES)('the bundle on $connector', ({ start, connector }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await start();
  });
  afterAll(() => database?.remove());

  test('reads its configuration as root, and runs as nobody', async () => {
    const { child, port } = await startListening(database);
    const { data } = await ask(port, '/management', '{ serverInfo { version } }');
    expect(data.serverInfo.version).toMatch(/^1\.8\.3-clusterkit\.\d+\.\d+\.\d+$/);
    if (process.getuid?.() === 0) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
      expect(status).toMatch(/^Gid:\s+65534\s+65534\s+65534\s+65534$/m);
      expect(status).toMatch(/^Groups:\s*$/m);
    }
  });

  test('finishes what is under way when told to stop', async () => {
    const { child, port, text } = await startListening(database);
    const body = JSON.stringify({ query: '{ listProjects { name } }' });
    const call = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path: '/management' },
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        authorization: await clusterToken(),
      },
    });
    call.write(body.slice(0, 10));
    await sleep(200);
    child.kill('SIGTERM');
    await sleep(100);
    call.end(body.slice(10));
    const [[response], [code]] = await Promise.all([once(call, 'response'), once(child, 'exit')]);
    expect(response.statusCode).toBe(200);
    expect(code).toBe(0);
    expect(text()).toContain('stopped');
  });

  test('a client that never ends does not keep it', async () => {
    const { child, port } = await startListening(database);
    const call = request({ host: '127.0.0.1', port, method: 'POST', path: '/management' });
    call.on('error', () => undefined);
    call.write('{');
    await sleep(200);
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('tells why it waits for its database, without the password, and can be stopped', async () => {
    const port = await freePort();
    const { child, text } = await startProcess(configuration({ ...database, port }));
    await eventually(async () => expect(text()).toContain('waiting for the database: '));
    expect(text()).toContain('ECONNREFUSED');
    expect(text()).not.toContain(database.password);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test.each([
    ['nonsense', 'port: [', 'not valid YAML'],
    ['a database it does not know', 'databases: { default: { connector: mongo } }', 'connector'],
  ])('ends at once on %s', async (_, config, words) => {
    const { child, text } = await startProcess(config);
    expect((await once(child, 'exit'))[0]).toBe(1);
    expect(text()).toContain(words);
  });

  describe.runIf(connector === 'mysql')('configured by variables', () => {
    const variables = (generation: string, key = publicKey) => ({
      PORT: '0',
      CLUSTERKIT_GENERATION: generation,
      CLUSTER_PUBLIC_KEY: key,
      SQL_CLIENT_HOST: '127.0.0.1',
      SQL_CLIENT_PORT: String(database.port),
      SQL_CLIENT_USER: database.user,
      SQL_CLIENT_PASSWORD: database.password,
    });
    const list = async (port: number) => {
      const token = await clusterToken();
      return ask(port, '/cluster', '{ listProjects { name } }', { token });
    };

    test('A: a key of several lines is taken', async () => {
      const port = await portOf(await startWith(variables('A')));
      const { data } = await ask(port, '/cluster', '{ clusterInfo { version } }');
      expect(data.clusterInfo.version).toMatch(/^1\.6\.3-clusterkit\./);
      expect((await list(port)).errors).toBeUndefined();
      expect((await ask(port, '/management', '{ listProjects { name } }')).errors).toMatchObject([
        { code: 3016, message: "Project not found: 'management@default'" },
      ]);
    });

    test('A: on one line it starts, and refuses every token', async () => {
      const key = publicKey.trim().replaceAll('\n', '\\n');
      const started = await startWith(variables('A', key));
      expect((await list(await portOf(started))).errors?.[0]?.code).toBe(3015);
      expect(started.text()).toContain('every token will be refused');
    });

    test('B: a key of several lines ends it at once', async () => {
      const { child, text } = await startWith(variables('B'));
      expect((await once(child, 'exit'))[0]).toBe(1);
      expect(text()).toContain('not valid YAML');
      expect(text()).not.toContain(database.password);
    });
  });

  test('a server gives up on a database that does not come', async () => {
    const config = configuration({ ...database, port: await freePort() });
    const settings = readSettings({ PRISMA_CONFIG: config }, () => '');
    const lines: string[] = [];
    const started = startServer(settings, {
      ...{ packageVersion: '0', now: () => new Date(), log: (line: string) => lines.push(line) },
      databasePatienceMs: 600,
    });
    await expect(started).rejects.toThrow('ECONNREFUSED');
    expect(lines).toHaveLength(1);
  });

  test('the real CLI 1.6.3 deploys, deploys again, makes a token and deletes', async () => {
    const { port } = await startListening(database);
    const home = await temporaryDirectory();
    const cwd = join(home, 'blog');
    await mkdir(join(home, '.prisma'));
    const key = privateKey.trim().replaceAll('\n', '\n      ');
    await writeFile(
      join(home, '.prisma', 'config.yml'),
      `clusters:\n  local:\n    host: 'http://localhost:${port}'\n    clusterSecret: |\n      ${key}\n`,
    );
    const run = async (...argv: string[]) => {
      const { all, stdout, exitCode } = await realCli('1.6.3', argv, { cwd, home });
      return { all, stdout, exitCode };
    };
    await writeService(cwd, { cluster: 'local', types: USERS_AND_POSTS });
    const first = await run('deploy');
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.all).toContain('Created relation between Post and User');
    expect((await run('deploy')).all).toContain('Service is already up to date.');
    await writeService(cwd, { cluster: 'local', types: WITH_PUBLISHED });
    expect((await run('deploy')).all).toContain('Created field `published` of type `Boolean`');
    expect((await run('cluster', 'list')).all).toMatch(/local\s+1\.8\.3-clusterkit/);
    expect((await run('info')).all).toContain(`http://localhost:${port}/blog/dev`);
    const token = (await run('token')).stdout.trim();
    const url = `http://127.0.0.1:${port}/blog/dev`;
    const create =
      'mutation { createUser(data: { email: "a", posts: { create: { title: "b" } } }) { posts { title published } } }';
    expect(await query(url, create, token)).toEqual({
      data: { createUser: { posts: [{ title: 'b', published: null }] } },
    });
    expect((await query(url, '{ users { id } }')).errors?.[0]?.code).toBe(3015);
    expect(await run('delete', '--force')).toMatchObject({ exitCode: 0 });
    expect((await query(url, '{ users { id } }', token)).errors?.[0]?.code).toBe(3016);
  });
});

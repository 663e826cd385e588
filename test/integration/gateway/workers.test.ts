import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../support/free-port.js';
import { eventually } from '../../support/service.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { startOrigin } from './origin-server.js';
import { publicKey } from './test-gateway.js';

const SECRET = 'secret-of-the-server-that-nobody-sees';

let bundle: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    ...{ entryPoints: ['gateway/main.ts'], bundle: true, write: false, logLevel: 'silent' },
    ...{ platform: 'node', target: 'node18', format: 'esm', external: ['pg-native'] },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  bundle = outputFiles[0]?.text ?? '';
});

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly admin: string;
  /** The access log so far. */
  readonly access: () => string;
  /** What it said besides. */
  readonly said: () => string;
}

/** The gateway as a container runs it, with two processes that answer. */
async function start(serverUrl: string, more: object = {}): Promise<Started> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const directory = await temporaryDirectory();
  // The processes are started by one that is nobody already, and cannot read the settings.
  await chmod(directory, 0o755);
  const [program, config] = [join(directory, 'server.mjs'), join(directory, 'gateway.yml')];
  await writeFile(program, bundle);
  const server = { url: serverUrl, generation: 'C' };
  const settings = { port, adminPort, server, clusterKey: publicKey, serverSecret: SECRET };
  await writeFile(config, JSON.stringify({ ...settings, workers: 2, ...more }), { mode: 0o600 });
  const env = { GATEWAY_CONFIG_PATH: config };
  const child = spawn(process.execPath, [program], { cwd: '/', env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [access, said] = [child.stdout, child.stderr].map((stream) => {
    let text = '';
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    return () => text;
  });
  const [url, admin] = [port, adminPort].map((each) => `http://127.0.0.1:${each}`);
  return { child, url, admin, access, said } as Started;
}

async function startListening(...args: Parameters<typeof start>): Promise<Started> {
  const started = await start(...args);
  await eventually(async () => expect(started.said()).toContain('the gateway listens on port'));
  return started;
}

const answering = async () => {
  const origin = await startOrigin((asked, response) => {
    asked.resume();
    asked.once('end', () => response.end('{"data":{}}'));
  });
  onTestFinished(() => origin.close());
  return origin;
};

/** On a connection of its own: those are what the processes share. */
const ask = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asking = request(`${url}/demo/dev`, { method: 'POST', agent: false }, async (answer) => {
      let text = `${answer.statusCode} `;
      for await (const chunk of answer) text += chunk;
      resolve(text);
    });
    asking.once('error', reject);
    asking.end('{"query":"{ users { id } }"}');
  });

const ANSWERED = '200 {"data":{}}';

/** Processes that a process has started. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

const isRunning = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
};

const answersIn = (metrics: string) =>
  Number(/requests_total\{kind="service",status="200"\} (\d+)/.exec(metrics)?.[1]);

test('two processes answer as one: same port, one log, metrics of both, no secret on the way', async () => {
  const gateway = await startListening((await answering()).url);
  const workers = await childrenOf(gateway.child);
  expect(workers).toHaveLength(2);
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask(gateway.url)));
  expect(new Set(answers)).toEqual(new Set([ANSWERED]));
  const metrics = await (await fetch(`${gateway.admin}/metrics`)).text();
  expect(answersIn(metrics)).toBe(60);
  expect(await (await fetch(`${gateway.admin}/usage`)).json()).toEqual({ services: [] });
  await eventually(async () => expect(gateway.access().match(/\n/g)).toHaveLength(60));
  const lines = gateway.access().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).path)).toEqual(Array(60).fill('/demo/dev'));
  for (const pid of workers) {
    for (const file of ['environ', 'cmdline']) {
      expect(await readFile(`/proc/${pid}/${file}`, 'utf8')).not.toContain(SECRET);
    }
  }
});

test('a process that is killed is replaced, and the others go on meanwhile', async () => {
  const gateway = await startListening((await answering()).url);
  const before = await childrenOf(gateway.child);
  await eventually(async () => expect(await ask(gateway.url)).toBe(ANSWERED));
  // One that ends right after its start is a fault of the settings, and no accident.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  process.kill(before[0] ?? 0, 'SIGKILL');
  await eventually(async () => {
    const now = await childrenOf(gateway.child);
    expect(now).toHaveLength(2);
    expect(now).not.toContain(before[0]);
  });
  expect(gateway.said()).toContain('has ended (SIGKILL); another one takes its place');
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(gateway.url)));
    expect(new Set(answers)).toEqual(new Set([ANSWERED]));
  });
});

test('requests under way finish when it is told to stop, and nothing stays', async () => {
  const origin = await startOrigin((asked, response) => {
    asked.resume();
    response.write('first');
    setTimeout(() => response.end(' last'), 700);
  });
  onTestFinished(() => origin.close());
  const gateway = await startListening(origin.url);
  const workers = await childrenOf(gateway.child);
  const asked = Promise.all(Array.from({ length: 6 }, () => ask(gateway.url)));
  await eventually(async () => expect(origin.connections()).toBe(6));
  gateway.child.kill('SIGTERM');
  const [code] = await once(gateway.child, 'exit');
  expect(await asked).toEqual(Array(6).fill('200 first last'));
  expect(code).toBe(0);
  for (const pid of workers) expect(await isRunning(pid)).toBe(false);
  expect(gateway.said()).toMatch(/SIGTERM: stopping\n.* stopped\n$/);
});

test('processes end when the one that started them is gone', async () => {
  const gateway = await startListening((await answering()).url);
  const workers = await childrenOf(gateway.child);
  gateway.child.kill('SIGKILL');
  await eventually(async () => {
    for (const pid of workers) expect(await isRunning(pid)).toBe(false);
  });
  await expect(ask(gateway.url)).rejects.toThrow();
});

test('a port that is taken ends it all with the reason', async () => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const gateway = await start('http://127.0.0.1:1', { port });
  const [code] = await once(gateway.child, 'exit');
  expect(code).toBe(1);
  expect(gateway.said()).toContain('EADDRINUSE');
});

test('with limits there is one process, whatever room there is', async () => {
  const gateway = await startListening((await answering()).url, { rate: {}, workers: undefined });
  expect(await childrenOf(gateway.child)).toEqual([]);
  expect(await ask(gateway.url)).toBe(ANSWERED);
});

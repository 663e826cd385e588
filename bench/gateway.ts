import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newKeyPair } from '../cluster/keys/key-pair.js';
import { bundlePart } from '../setup/bundle-part.js';
import { report } from './gateway-report.js';
import { latencies, percentile, throughput, WRK_SCRIPT } from './http-load.js';
import { freePorts } from './timing.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ORIGIN = fileURLToPath(new URL('./gateway-origin.js', import.meta.url));
const CONNECTIONS = 64;
const PER_SECOND = 500;
/** Resolution of the kernel's processor times. */
const MS_PER_TICK = 10;
const WARM_UP_SECONDS = 4;

/**
 * A small server alone, behind the gateway, and behind nginx as a plain proxy, in turns: answers
 * per second, and latency at a fixed rate. Both proxies keep connections and write an access log.
 * Rounds are short and contenders are compared within a round, since a machine is seldom quiet for
 * long. `args`: rounds, seconds of each measurement.
 */
export async function run(args: string[]): Promise<void> {
  const [rounds = 5, seconds = 2] = args.map(Number);
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-bench-'));
  const programs: ChildProcess[] = [];
  try {
    const [origin = 0, gateway = 0, nginx = 0, admin = 0] = await freePorts(4);
    const run = async (started: Promise<ChildProcess>) => {
      const program = await started;
      programs.push(program);
      return program.pid;
    };
    const pids: Record<string, number | undefined> = {
      direct: await run(start(process.execPath, [ORIGIN, String(origin)], directory)),
      gateway: await run(startGateway(directory, origin, gateway, admin)),
      nginx: await run(startNginx(directory, origin, nginx)),
    };
    const contenders = { direct: origin, gateway, nginx };
    for (const port of Object.values(contenders)) await untilAnswers(port);
    const results = Object.entries(contenders).map(([name, port]) => ({
      ...{
        name,
        port,
        perSecond: [] as number[],
        cpuUs: [] as number[],
        p50: [] as number[],
        p99: [] as number[],
      },
    }));
    // Warm-up: code that has rarely run is slow, and servers run for long.
    const script = join(directory, 'request.lua');
    await writeFile(script, WRK_SCRIPT);
    const load = { connections: CONNECTIONS, script };
    for (const { port } of results) await throughput(port, { ...load, seconds: WARM_UP_SECONDS });
    for (let round = 0; round < rounds; round++) {
      for (const { name, port, perSecond, cpuUs, p50, p99 } of results) {
        const before = await cpuMsOf(pids[name]);
        const answers = await throughput(port, { ...load, seconds });
        const cpuMs = (await cpuMsOf(pids[name])) - before;
        perSecond.push(answers);
        cpuUs.push((cpuMs * 1000) / (answers * seconds));
        const took = await latencies(port, PER_SECOND, seconds * 1000);
        p50.push(percentile(took, 0.5));
        p99.push(percentile(took, 0.99));
      }
    }
    const bench = { seconds, connections: CONNECTIONS, perSecond: PER_SECOND };
    process.stdout.write(report(results, bench));
  } finally {
    for (const program of programs) program.kill('SIGTERM');
    await Promise.all(programs.map((program) => program.exitCode ?? once(program, 'exit')));
    await rm(directory, { recursive: true, force: true });
  }
}

async function startGateway(directory: string, origin: number, port: number, adminPort: number) {
  const bundle = bundlePart({ root: ROOT }, 'gateway');
  if (!(await bundle.check()).right) await bundle.make({ step() {}, output() {} });
  const config = join(directory, 'gateway.yml');
  const clusterKey = (await newKeyPair()).publicKey;
  const server = { url: `http://127.0.0.1:${origin}`, generation: 'B' };
  await writeFile(config, JSON.stringify({ port, adminPort, server, clusterKey }));
  const program = join(ROOT, 'dist', 'gateway', 'server.mjs');
  return start(process.execPath, [program], directory, { GATEWAY_CONFIG_PATH: config });
}

async function startNginx(directory: string, origin: number, port: number): Promise<ChildProcess> {
  const config = join(directory, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; worker_processes auto; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
events { worker_connections 4096; }
http {
  access_log ${directory}/access.log combined buffer=32k flush=1s; keepalive_requests 1000000;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  upstream origin { server 127.0.0.1:${origin}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}`,
  );
  return start('nginx', ['-c', config, '-p', directory], directory);
}

/** Starts a program; its output goes to a file, as an access log does. */
async function start(file: string, argv: readonly string[], directory: string, env = {}) {
  const output = await open(join(directory, 'output.log'), 'a');
  const stdio = ['ignore', output.fd, output.fd] as const;
  const program = spawn(file, argv, { stdio: [...stdio], env: { ...process.env, ...env } });
  await Promise.race([
    once(program, 'spawn'),
    once(program, 'error').then(() => {
      throw new Error(`${file} cannot be started: is it installed?`);
    }),
  ]);
  await output.close();
  return program;
}

/** Processor time of a program and its children; unknown except on Linux. */
async function cpuMsOf(pid: number | undefined): Promise<number> {
  const task = `/proc/${pid}/task/${pid}/children`;
  const children = await readFile(task, 'utf8').catch(() => '');
  const ticks = await Promise.all(
    [pid, ...children.split(' ').filter(Boolean)].map(async (one) => {
      const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '');
      const [user, system] = (stat.split(') ')[1]?.split(' ') ?? []).slice(11, 13).map(Number);
      return (user ?? Number.NaN) + (system ?? Number.NaN);
    }),
  );
  return ticks.reduce((sum, count) => sum + count, 0) * MS_PER_TICK;
}

async function untilAnswers(port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answered?.ok) return;
    if (attempt > 100) throw new Error(`nothing answers on port ${port}`);
    await sleep(100);
  }
}

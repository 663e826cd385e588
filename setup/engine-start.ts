import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, KitError } from '../lib/errors.js';
import { askEngine, type SetupEngine } from './engine-get.js';
import type { Progress } from './part.js';
import { runTool } from './run-tool.js';

const LOG = '/var/log/clusterkit-dockerd.log';
const START_TIMEOUT_MS = 60_000;
const LOG_TAIL_BYTES = 4096;

/** Environment variables for the engine: it pulls through the same proxies. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|LANG|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY)$/i;

/**
 * Starts the installed engine, by systemd where that runs, else in the background with a log.
 * Returns when it answers. @throws KitError `engine-start-failed` (exit 3) with the log's last
 * lines
 */
export async function startEngine(
  env: NodeJS.ProcessEnv,
  engine: SetupEngine,
  progress: Progress,
): Promise<{ version: string; how: string }> {
  const ask = (timeoutMs: number) => answerOf(engine, timeoutMs);
  if (existsSync('/run/systemd/system')) {
    const hint = 'Check `systemctl status docker` and `journalctl -u docker`.';
    await runTool({ argv: ['systemctl', 'start', 'docker'], env, progress, hint });
    return { version: await answer(ask, () => undefined, hint), how: 'started by systemd' };
  }
  // The package's own start script may have started it.
  const early = await ask(1000);
  if (early.version !== undefined)
    return { version: early.version, how: 'started on installation' };
  await removeStalePidFiles();
  const launched = launch(env);
  const version = await answer(ask, launched.failure, `Its log is ${LOG}.`);
  return { version, how: `started, log in ${LOG}` };
}

/** Its version, or why it does not answer yet. */
interface EngineAnswer {
  readonly version?: string;
  readonly failure?: string;
}

async function answerOf(engine: SetupEngine, timeoutMs: number): Promise<EngineAnswer> {
  try {
    return { version: await askEngine(engine, timeoutMs) };
  } catch (error) {
    if (error instanceof KitError) return { failure: error.problems[0]?.message ?? error.message };
    throw error;
  }
}

function launch(env: NodeJS.ProcessEnv) {
  const log = openSync(LOG, 'w', 0o600);
  const child = spawn('dockerd', [], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name))),
  });
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure = `dockerd ended (${signal ?? `exit code ${code}`})`;
    forgetEngine();
  });
  if (child.pid !== undefined) recordEngine(child.pid);
  child.unref();
  return { failure: () => failure };
}

/** Waits for an answer; the end of the launcher is a failure only when no engine answers. */
async function answer(
  ask: (timeoutMs: number) => Promise<EngineAnswer>,
  failed: () => string | undefined,
  hint: string,
): Promise<string> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const { version, failure } = await ask(2000);
    if (version !== undefined) return version;
    const late = performance.now() > deadline;
    const reason =
      failed() ?? (late ? `no answer in ${START_TIMEOUT_MS / 1000} s: ${failure}` : '');
    if (reason !== '') {
      throw environmentError('engine-start-failed', {
        message: `the Docker engine does not start: ${reason}\n${await logTail()}`,
        hint,
      });
    }
    await sleep(100);
  }
}

async function logTail(): Promise<string> {
  const file = await open(LOG).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - LOG_TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ position: from, buffer: Buffer.alloc(4096) });
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    return lines
      .slice(-15)
      .map((line) => `  | ${line}`)
      .join('\n');
  } finally {
    await file.close();
  }
}

/**
 * `<pid> <start time>` of the engine that setup started, so that the caller of setup can end it,
 * and never another process with a recycled number. Disappears with the machine.
 */
const RECORD = '/var/run/clusterkit-dockerd';

/** Records an engine. The start time is field 22 of `/proc/<pid>/stat`, in clock ticks. */
export function recordEngine(pid: number): void {
  writeFileSync(RECORD, `${pid} ${startTime(pid)}\n`, { mode: 0o644 });
}

/** Removes the record. */
export function forgetEngine(): void {
  rmSync(RECORD, { force: true });
}

function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name, field 2, is in parentheses and may contain blanks.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Pid files of the engine and of its containerd. */
const PID_FILES = ['/var/run/docker.pid', '/var/run/docker/containerd/containerd.pid'];

/**
 * Removes pid files of an engine that was killed. A new engine takes any process with that number
 * for a running engine and refuses to start, and numbers are reused after a restart.
 */
export async function removeStalePidFiles(
  paths: readonly string[] = PID_FILES,
  proc = '/proc',
): Promise<void> {
  for (const path of paths) {
    const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (Number.isNaN(pid)) continue;
    const name = await readFile(`${proc}/${pid}/comm`, 'utf8').catch(() => '');
    if (!/^(dockerd|containerd)\n?$/.test(name)) await rm(path, { force: true });
  }
}

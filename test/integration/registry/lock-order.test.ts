import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { registryFiles } from '../../../registry/file/registry-files.js';
import { withLock } from '../../../registry/file/registry-lock.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { bundleWorker } from './bundle-worker.js';

let directory: string;
let adding: string;
let holding: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ck-test-lock-'));
  adding = await bundleWorker('adding-worker', directory);
  holding = await bundleWorker('holding-worker', directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const freshRegistry = async () => join(await mkdtemp(join(directory, 'r-')), 'config.yml');

/** Starts a worker, and waits for its first output. */
async function start(worker: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [worker, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

const endOf = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

/** Resolves when so many processes wait in the kernel, a moment after they have said that they will. */
async function waitersOf(path: string, count: number): Promise<void> {
  const { ino } = await stat(path);
  const waiting = async () =>
    (await readFile('/proc/locks', 'utf8'))
      .split('\n')
      .filter((line) => line.includes('->') && line.includes(`:${ino} `)).length;
  await expect.poll(waiting, { timeout: 60_000, interval: 50 }).toBe(count);
}

/** Stops a process; resolves when each of its threads stands still. */
async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  const states = async () => {
    const threads = await readdir(`/proc/${child.pid}/task`);
    const stats = threads.map((id) => readFile(`/proc/${child.pid}/task/${id}/stat`, 'utf8'));
    return new Set((await Promise.all(stats)).map((stat) => stat.replace(/^.*\) /s, '')[0]));
  };
  await expect.poll(states, { timeout: 60_000, interval: 20 }).toEqual(new Set(['T']));
}

it('64 processes that add three entries each, one after the other: none waits too long', async () => {
  const path = await freshRegistry();
  const ids = Array.from({ length: 64 }, (_, id) => `${id}`);
  const children = await Promise.all(ids.map((id) => start(adding, path, id, '3')));
  for (const { stdin } of children) stdin?.end('go');
  expect(await Promise.all(children.map(endOf))).toEqual(ids.map(() => 0));
  expect((await readRegistry(path)).entries).toHaveLength(192);
});

it('serves the processes in the order in which they came', async () => {
  const path = await freshRegistry();
  const { lock } = await registryFiles(path);
  const order: string[] = [];
  const children: ChildProcess[] = [];
  await withLock(lock, {}, async () => {
    for (const id of ['first', 'second', 'third', 'fourth']) {
      const child = await start(holding, lock, id);
      child.stdout?.on('data', () => order.push(id));
      children.push(child);
      await waitersOf(lock, children.length);
    }
  });
  for (const child of children) child.stdin?.end('go');
  await Promise.all(children.map(endOf));
  expect(order).toEqual(['first', 'second', 'third', 'fourth']);
});

it('a stopped process that waits keeps nobody; one that has the lock is named', async () => {
  const path = await freshRegistry();
  const { lock } = await registryFiles(path);
  let waiting: ChildProcess | undefined;
  await withLock(lock, {}, async () => {
    waiting = await start(holding, lock, 'waiting');
    await waitersOf(lock, 1);
    await stop(waiting);
  });
  const entry = { name: 'one', host: 'http://127.0.0.1:1' };
  expect(await writeEntry(path, entry, { waitMs: 5_000 })).toBe('added');

  const holder = await start(holding, lock, 'holder');
  await once(holder.stdout as NonNullable<typeof holder.stdout>, 'data');
  await stop(holder);
  const told: string[] = [];
  const error = await kitErrorOf(() =>
    writeEntry(path, { ...entry, name: 'two' }, { waitMs: 600, onWait: (text) => told.push(text) }),
  );
  expect(error).toMatchObject({ code: 'registry-locked', exitCode: 3 });
  const owner = `process ${holder.pid} on `;
  expect(error.message).toContain(owner);
  expect(error.message).toMatch(/\(holder\) since \d{4}-.*Z; waited 0.6 s/);
  expect(told).toEqual([expect.stringContaining(owner)]);
  for (const child of [waiting, holder]) child?.kill('SIGKILL');
  // The wait that was given up gives back what it receives.
  expect(await writeEntry(path, { ...entry, name: 'two' }, { waitMs: 5_000 })).toBe('added');
  const { directory: home } = await registryFiles(path);
  await expect
    .poll(async () => (await readdir(home)).sort(), { timeout: 30_000 })
    .toEqual(['.config.yml.clusterkit', 'config.yml']);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { registryFiles } from '../../../registry/file/registry-files.js';
import { bundleWorker } from './bundle-worker.js';

const PROCESSES = 64;
const OPERATIONS = 500;
const FOREIGN = '# mine, \u00e4nd kept\nclusters:\n  foreign: {host: http://foreign} # here\n';

let directory: string;
let worker: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ck-test-writers-'));
  worker = await bundleWorker('registry-worker', directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Writer {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly ready: Promise<void>;
  /** Changes that were acknowledged, and the one that is under way, if any. */
  readonly done: string[];
  begun: string | undefined;
  readonly trouble: string[];
}

function startWriter(path: string, id: string, changes: number): Writer {
  const child = spawn(process.execPath, [worker, path, id, String(changes)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let becomeReady: () => void;
  const writer: Writer = {
    child,
    ready: new Promise((resolve) => {
      becomeReady = resolve;
    }),
    done: [],
    begun: undefined,
    trouble: [],
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'ready') becomeReady();
      else if (line.startsWith('begin ')) writer.begun = line.slice(6);
      else if (line.startsWith('done ')) {
        writer.done.push(line.slice(5));
        writer.begun = undefined;
      } else writer.trouble.push(line);
    }
  });
  child.stderr?.on('data', (chunk: Buffer) => writer.trouble.push(String(chunk)));
  return writer;
}

/** Entries that must be there, and those that may be either way. */
function expectation(writers: readonly Writer[]) {
  const sure = new Set<string>();
  const open = new Set<string>();
  for (const { done, begun } of writers) {
    for (const change of done) {
      const [verb, name = ''] = change.split(' ');
      if (verb === 'add') sure.add(name);
      else sure.delete(name);
    }
    const name = begun?.split(' ')[1];
    if (name !== undefined) open.add(name);
  }
  return { sure, open };
}

async function verify(path: string, writers: readonly Writer[]) {
  const { sure, open } = expectation(writers);
  const names = (await readRegistry(path)).entries.map(({ name }) => name);
  const present = new Set(names.filter((name) => name !== 'foreign' && name !== 'last'));
  const lost = [...sure].filter((name) => !present.has(name) && !open.has(name));
  const ghosts = [...present].filter((name) => !sure.has(name) && !open.has(name));
  expect({ lost, ghosts }).toEqual({ lost: [], ghosts: [] });
  expect(writers.flatMap(({ trouble }) => trouble)).toEqual([]);
  expect((await readFile(path, 'utf8')).startsWith(FOREIGN)).toBe(true);
  const { directory: home } = await registryFiles(path);
  expect((await readdir(home)).sort()).toEqual(['.config.yml.clusterkit', 'config.yml']);
}

async function freshRegistry(): Promise<string> {
  const path = join(await mkdtemp(join(directory, 'r-')), 'config.yml');
  await writeFile(path, FOREIGN);
  return path;
}

/** Starts all workers, and releases them at the same moment. */
async function startTogether(path: string, prefix: string, changes: number): Promise<Writer[]> {
  const writers = Array.from({ length: PROCESSES }, (_, id) =>
    startWriter(path, `${prefix}${id}`, changes),
  );
  await Promise.all(writers.map(({ ready }) => ready));
  for (const { child } of writers) child.stdin?.end('go');
  return writers;
}

/** How many changes were begun: all of them acknowledged, but where the process was killed. */
const changesOf = (writers: readonly Writer[]) =>
  writers.reduce((sum, { done, begun }) => sum + done.length + (begun === undefined ? 0 : 1), 0);

it(`${PROCESSES} processes lose no update in ${OPERATIONS} changes`, {
  timeout: 600_000,
}, async () => {
  const path = await freshRegistry();
  // Five added and four removed by each: 576 in all.
  const writers = await startTogether(path, '', 5);
  const codes = await Promise.all(writers.map(({ ended }) => ended));
  expect(codes.filter((code) => code !== 0)).toEqual([]);
  expect(changesOf(writers)).toBeGreaterThanOrEqual(OPERATIONS);
  await verify(path, writers);
});

it('the same with one of them killed every 50 ms', { timeout: 600_000 }, async () => {
  const path = await freshRegistry();
  const all: Writer[] = [];
  // Each wave of 64 lasts until the last of them is dead.
  for (let wave = 0; changesOf(all) < OPERATIONS; wave += 1) {
    const living = await startTogether(path, `k${wave}-`, 1_000);
    all.push(...living);
    while (living.length > 0) {
      await sleep(50);
      const [victim] = living.splice(Math.floor(Math.random() * living.length), 1);
      victim?.child.kill('SIGKILL');
    }
    await Promise.all(all.map(({ ended }) => ended));
  }
  // The next command works at once, and removes the leftovers of killed processes.
  await writeEntry(path, { name: 'last', host: 'http://last' }, { waitMs: 1_000 });
  await verify(path, all);
});

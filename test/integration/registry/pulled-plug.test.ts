import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../lib/secret.js';
import { removeEntry, writeEntry } from '../../../registry/file/change-entries.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { bundleWorker } from './bundle-worker.js';

let directory: string;
let worker: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ck-test-plug-'));
  worker = await bundleWorker('plug-worker', directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const old = { name: 'local', host: 'http://old', clusterSecret: new Secret('old') };
const other = { name: 'other', host: 'http://other', clusterSecret: new Secret('x') };

const signalOf = (...args: string[]) =>
  new Promise<NodeJS.Signals | null>((resolve) => {
    const child = spawn(process.execPath, [worker, ...args], { stdio: 'inherit' });
    child.once('exit', (_code, signal) => resolve(signal));
  });

const STEPS = [
  'locked',
  'shadow-written',
  'backed-up',
  'temporary-created',
  'temporary-half-written',
  'temporary-written',
  'temporary-synced',
  'renamed',
  'directory-synced',
];

for (const verb of ['write', 'remove'] as const) {
  it.each(STEPS)(`${verb}, killed -9 when %s: the old file or the new one`, async (step) => {
    const path = join(await mkdtemp(join(directory, 'r-')), 'config.yml');
    await writeEntry(path, other);
    await writeEntry(path, old);
    const before = await readFile(path, 'utf8');

    expect(await signalOf(path, verb, step)).toBe('SIGKILL');
    const between = await readFile(path, 'utf8');
    if (between !== before) {
      const hosts = (await readRegistry(path)).entries.map(({ host }) => host);
      expect(hosts).toEqual(verb === 'write' ? ['http://other', 'http://new'] : ['http://other']);
    }

    // The next command works at once, and leaves neither lock nor half a file behind.
    const options = { waitMs: 500, force: true };
    if (verb === 'write') await writeEntry(path, { ...old, host: 'http://again' }, options);
    else await removeEntry(path, 'local', options);
    const { entries, owned } = await readRegistry(path);
    expect(entries.map(({ host }) => host)).toEqual(
      verb === 'write' ? ['http://other', 'http://again'] : ['http://other'],
    );
    expect([...owned.keys()]).toEqual(entries.map(({ name }) => name));
    expect((await readdir(join(path, '..'))).sort()).toEqual([
      '.config.yml.clusterkit',
      'config.yml',
    ]);
  });
}

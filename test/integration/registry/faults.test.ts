import { execFileSync, spawn } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withFileLock } from '../../../lib/file-lock.js';
import { Secret } from '../../../lib/secret.js';
import { writeEntry } from '../../../registry/file/change-entries.js';
import { registryFileError } from '../../../registry/file/file-errors.js';
import { readRegistry } from '../../../registry/file/read-registry.js';
import { registryFiles } from '../../../registry/file/registry-files.js';
import { lockState } from '../../../registry/file/registry-lock.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { bundleWorker } from './bundle-worker.js';

const entry = { name: 'local', host: 'http://localhost:4466', clusterSecret: new Secret('k') };
const isRoot = process.getuid?.() === 0;

/** A file system of 256 KB, or undefined where mounting is not allowed. */
async function tinyDisk(): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'ck-test-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], {
      stdio: 'ignore',
    });
  } catch {
    await rm(directory, { recursive: true });
    return undefined;
  }
  onTestFinished(async () => {
    execFileSync('umount', ['-l', directory]);
    await rm(directory, { recursive: true, force: true });
  });
  return directory;
}

it('a full disk: reports it, keeps the old file', async ({ skip }) => {
  const disk = await tinyDisk();
  if (disk === undefined) return skip('mounting is not allowed here');
  const path = join(disk, 'config.yml');
  await writeFile(path, '# mine\nclusters: {}\n');
  await writeFile(join(disk, 'ballast'), Buffer.alloc(212_000));
  const big = { ...entry, clusterSecret: new Secret('x'.repeat(30_000)) };
  await expect(writeEntry(path, big)).rejects.toMatchObject({
    code: 'registry-disk-full',
    exitCode: 3,
    problems: [{ hint: expect.stringContaining('Free some space') }],
  });
  expect(await readFile(path, 'utf8')).toBe('# mine\nclusters: {}\n');
  // The shadow copy is restored as well.
  expect((await readRegistry(path)).owned.size).toBe(0);
  await rm(join(disk, 'ballast'));
  expect(await writeEntry(path, big)).toBe('added');
  expect((await readdir(disk)).filter((name) => name.includes('tmp-'))).toEqual([]);
});

it('a read-only disk: reports it', async ({ skip }) => {
  const disk = await tinyDisk();
  if (disk === undefined) return skip('mounting is not allowed here');
  await writeFile(join(disk, 'config.yml'), 'clusters: {}\n');
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  await expect(writeEntry(join(disk, 'config.yml'), entry)).rejects.toMatchObject({
    code: 'registry-read-only',
    exitCode: 3,
  });
  expect((await readRegistry(join(disk, 'config.yml'))).entries).toEqual([]);
});

it('a directory of another user: reports it', async () => {
  const root = await temporaryDirectory();
  const worker = await bundleWorker('plug-worker', root);
  const home = join(root, '.prisma');
  await mkdir(home);
  await writeFile(join(home, 'config.yml'), 'clusters: {}\n', { mode: 0o644 });
  await chmod(home, 0o555);
  await chmod(root, 0o755);
  const child = spawn(process.execPath, [worker, join(home, 'config.yml'), 'write', ''], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Root may write anywhere, so run as nobody.
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(stderr).toContain('registry-not-permitted');
  expect(await readFile(join(home, 'config.yml'), 'utf8')).toBe('clusters: {}\n');
});

it.each([
  ['a directory as registry', async (root: string) => mkdir(join(root, 'config.yml'))],
  ['links in a circle', async (root: string) => symlink('config.yml', join(root, 'config.yml'))],
])('%s: reports it', async (_what, prepare) => {
  const root = await temporaryDirectory();
  await prepare(root);
  const refused = { code: 'registry-path-unusable', exitCode: 3 };
  await expect(readRegistry(join(root, 'config.yml'))).rejects.toMatchObject(refused);
  await expect(writeEntry(join(root, 'config.yml'), entry)).rejects.toMatchObject(refused);
});

it('a file in place of the directory: reports it', async () => {
  const root = await temporaryDirectory();
  await writeFile(join(root, '.prisma'), '');
  const refused = { code: 'registry-path-unusable', exitCode: 3 };
  await expect(writeEntry(join(root, '.prisma', 'config.yml'), entry)).rejects.toMatchObject(
    refused,
  );
});

it('a running owner: waits, then reports it, and never takes the lock', async () => {
  const path = join(await temporaryDirectory(), 'config.yml');
  const { lock } = await registryFiles(path);
  const request = {
    owner: { pid: 4711, host: hostname(), command: 'clusterkit cluster add slow' },
    now: () => new Date('2026-01-02T03:04:05Z'),
    subject: 'The registry',
    lockedCode: 'registry-locked',
    fileError: registryFileError,
  };
  const late: Promise<string>[] = [];
  await withFileLock(lock, request, async () => {
    expect(await lockState(lock)).toBe('held');
    await expect(writeEntry(path, entry, { waitMs: 200 })).rejects.toMatchObject({
      code: 'registry-locked',
      exitCode: 3,
      message: expect.stringMatching(
        /process 4711 on .* \(clusterkit cluster add slow\) since 2026-01-02T03:04:05.000Z/,
      ),
    });
    const waiting = writeEntry(path, entry, { waitMs: 5_000 });
    expect(await readdir(join(path, '..'))).toEqual(['config.yml.lock']);
    late.push(waiting);
  });
  expect(await Promise.all(late)).toEqual(['added']);
  expect(await lockState(lock)).toBe('none');
});

it('a dead owner: takes its lock at once', async () => {
  const path = join(await temporaryDirectory(), 'config.yml');
  const { lock } = await registryFiles(path);
  await writeFile(lock, '{"pid":1,"host":"elsewhere","command":"x","since":"2020"}\n');
  expect(await lockState(lock)).toBe('left-over');
  expect(await writeEntry(path, entry, { waitMs: 0 })).toBe('added');
  await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a deleted home directory is created again', async () => {
  const root = await temporaryDirectory();
  const path = join(root, 'home', '.prisma', 'config.yml');
  await writeEntry(path, entry);
  await rm(join(root, 'home'), { recursive: true });
  expect(await writeEntry(path, entry)).toBe('added');
});

import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { link, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode } from './errors.js';

/** The moments of a write at which a test may stop the process. */
export type WriteStep =
  | 'temporary-created'
  | 'temporary-half-written'
  | 'temporary-written'
  | 'temporary-synced'
  | 'renamed'
  | 'directory-synced';

/** How {@link atomicWrite} writes. */
export interface AtomicWriteOptions {
  /** Permission bits, such as `0o600`. @default those of the file that is replaced, else `0o600` */
  readonly mode?: number;
  /** Keep a file that exists, also one that another process has just made. @default false */
  readonly onlyIfAbsent?: boolean;
  /** Wait until the disk has the file. A copy that may be lost in a power cut can do without. @default true */
  readonly durable?: boolean;
  readonly onStep?: (step: WriteStep) => void;
}

/** A write takes milliseconds: an older temporary file is left from a process that was killed. */
const ABANDONED_MS = 600_000;

/**
 * Replaces `path` by `text` in one step: readers see the old file or the new one. Follows a symbolic
 * link to a file that exists, and keeps the link. The directory must exist. As root, the file keeps its
 * owner, or gets that of its directory.
 *
 * Own code, because no library seen does all of it (`docs/decisions/registry-write.md`).
 *
 * @throws system errors, such as `ENOSPC`; `path` is untouched then
 */
export async function atomicWrite(
  path: string,
  text: string,
  { mode, onlyIfAbsent = false, durable = true, onStep = () => {} }: AtomicWriteOptions = {},
): Promise<void> {
  const file = await realpath(path).catch(() => path);
  await removeTemporaries(file, ABANDONED_MS);
  const temporary = join(dirname(file), `${prefixOf(file)}${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    onStep('temporary-created');
    try {
      await fill(handle, Buffer.from(text, 'utf8'), onStep);
      await setModeAndOwner(handle, file, mode);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    onStep('temporary-synced');
    await (onlyIfAbsent ? linkUnlessThere(temporary, file) : rename(temporary, file));
    onStep('renamed');
    if (durable) await syncDirectory(dirname(file));
    onStep('directory-synced');
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/**
 * Removes temporary files of writes of `file` that were cut off.
 * @param olderThanMs spares younger ones; 0 only where a lock keeps other writers away
 */
export async function removeTemporaries(file: string, olderThanMs = 0): Promise<void> {
  for (const path of await temporariesIn(dirname(file), prefixOf(file))) {
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => -1,
    );
    if (age >= olderThanMs) await unlink(path).catch(() => undefined);
  }
}

/** Paths of temporary files in `directory`: of all files, or of those with `prefix`. */
export async function temporariesIn(directory: string, prefix = '.'): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && /^\..*\.tmp-/.test(name))
    .map((name) => join(directory, name));
}

/** Temporary files of `file` begin with this, in its directory. */
export const prefixOf = (file: string): string => `.${basename(file)}.tmp-`;

async function fill(
  handle: FileHandle,
  bytes: Buffer,
  onStep: (step: WriteStep) => void,
): Promise<void> {
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  // `writeFile` goes on after a short write, so a disk that fills up shows as an error.
  await handle.writeFile(half);
  onStep('temporary-half-written');
  await handle.writeFile(bytes.subarray(half.length));
  onStep('temporary-written');
}

async function setModeAndOwner(handle: FileHandle, file: string, mode?: number): Promise<void> {
  const old = await stat(file).catch(() => undefined);
  await handle.chmod(mode ?? (old ? old.mode & 0o7777 : 0o600));
  if (process.getuid?.() !== 0) return;
  // Under `sudo` the user's file stays the user's.
  const { uid, gid } = old ?? (await stat(dirname(file)));
  if (uid !== 0 || gid !== 0) await handle.chown(uid, gid);
}

async function linkUnlessThere(temporary: string, file: string): Promise<void> {
  await link(temporary, file).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await unlink(temporary);
}

/** Makes the rename durable. Windows and some network disks cannot, and need not. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

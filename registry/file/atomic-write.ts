import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { registryFileError } from './file-errors.js';

/** The moments of a write at which a test may stop the process. */
export type WriteStep =
  | 'locked'
  | 'backed-up'
  | 'temporary-created'
  | 'temporary-half-written'
  | 'temporary-written'
  | 'temporary-synced'
  | 'renamed'
  | 'directory-synced'
  | 'shadow-written';

/** Called at each step, so that tests can pull the plug there. */
export type OnStep = (step: WriteStep) => void;

/** How {@link atomicWrite} goes about it. */
export interface AtomicWriteOptions {
  /**
   * Wait until the disk has it. A copy that may be lost in a power cut can do without.
   * @default true
   */
  readonly durable?: boolean;
  readonly onStep?: OnStep;
}

/**
 * Replaces `file` by `text` in one step, mode 0600: readers see the old file or the new one.
 * A missing directory is made, 0700. `file` must not be a link.
 *
 * Own code, because no library seen does all of it (`docs/decisions/registry-write.md`).
 *
 * @throws KitError (exit 3): disk full, not permitted, read-only; `file` is untouched then
 */
export async function atomicWrite(
  file: string,
  text: string,
  { durable = true, onStep = () => undefined }: AtomicWriteOptions = {},
): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, `${temporaryPrefix(file)}${process.pid}-${randomName()}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'wx', 0o600);
    onStep('temporary-created');
    try {
      await fill(handle, Buffer.from(text, 'utf8'), onStep);
      await keepOwner(handle, file);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    onStep('temporary-synced');
    await rename(temporary, file);
    onStep('renamed');
    if (durable) await syncDirectory(directory);
    onStep('directory-synced');
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw registryFileError(file, 'write', error);
  }
}

/** Unfinished writes of `file` begin with this, in its directory. */
export const temporaryPrefix = (file: string): string => `.${basename(file)}.tmp-`;

/** Removes what writers that were killed have left. Call it under the lock only. */
export async function sweepTemporaries(file: string): Promise<void> {
  for (const name of await leftTemporaries(file)) await unlink(name).catch(() => undefined);
}

/** Paths of unfinished writes of `file`. */
export async function leftTemporaries(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  return names
    .filter((name) => name.startsWith(temporaryPrefix(file)))
    .map((name) => join(dirname(file), name));
}

async function fill(handle: FileHandle, bytes: Buffer, onStep: OnStep): Promise<void> {
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  // `writeFile` goes on after a short write, so a disk that fills up shows as an error.
  await handle.writeFile(half);
  onStep('temporary-half-written');
  await handle.writeFile(bytes.subarray(half.length));
  onStep('temporary-written');
}

/** Under `sudo` the user's file stays the user's: owner of the old file, else of the directory. */
async function keepOwner(handle: FileHandle, file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const model = await stat(file).catch(() => stat(dirname(file)));
  if (model.uid !== 0) await handle.chown(model.uid, model.gid);
}

/** Makes the rename durable. Windows and some network disks cannot, and need not. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const randomName = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');

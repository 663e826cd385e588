import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '../../lib/atomic-write.js';
import { diskFull, isDiskFull } from '../../lib/disk-full.js';
import { environmentError, hasCode } from '../../lib/errors.js';

/**
 * Creates a file of the key store with mode 0600 unless it exists. When several processes try, the first
 * to link it wins, and all read its content.
 */
export async function ensureFile(
  directory: string,
  name: string,
  make: () => Promise<string> | string,
): Promise<void> {
  const path = join(directory, name);
  if ((await readIfThere(path)) !== undefined) return;
  await atomicWrite(path, await make(), { mode: 0o600, onlyIfAbsent: true });
}

/** Replaces a file atomically and durably. */
export function replaceFile(directory: string, name: string, text: string): Promise<void> {
  return atomicWrite(join(directory, name), text, { mode: 0o600 });
}

/** Text of a file, or `undefined` when it does not exist. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Runs `work` on the key store. @throws KitError `key-store-unusable` (exit 3) when the disk fails */
export async function guard<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    if (isDiskFull(error)) throw diskFull(directory, error);
    throw environmentError('key-store-unusable', {
      path: directory,
      message: `the key store cannot be used: ${error.message}`,
      hint: 'It must be a writable directory on a disk with free space.',
      cause: error,
    });
  }
}

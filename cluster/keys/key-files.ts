import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '../../lib/atomic-write.js';
import { environmentError, hasCode } from '../../lib/errors.js';

/**
 * Makes a file of the key store unless it is there, 0600: whoever links it first wins, and all read
 * the winner's.
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

/** Puts a file in place of the one that is there, at once and for good: also power can be cut. */
export function replaceFile(directory: string, name: string, text: string): Promise<void> {
  return atomicWrite(join(directory, name), text, { mode: 0o600 });
}

/** Text of a file, or `undefined` where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Does `work` on the key store. @throws KitError `key-store-unusable` (exit 3) where the disk fails */
export async function guard<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw environmentError(
      'key-store-unusable',
      {
        path: directory,
        message: `the key store cannot be used: ${error.message}`,
        hint: 'It must be a writable directory on a disk with free space.',
      },
      error,
    );
  }
}

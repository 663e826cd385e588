import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '../../lib/errors.js';

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
  await viaDraft(directory, name, await make(), async (draft) => {
    try {
      await link(draft, path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  });
}

/** Puts a file in place of the one that is there, at once and for good: also power can be cut. */
export function replaceFile(directory: string, name: string, text: string): Promise<void> {
  return viaDraft(directory, name, text, (draft) => rename(draft, join(directory, name)));
}

/** Text of a file, or `undefined` where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
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

async function viaDraft(
  directory: string,
  name: string,
  text: string,
  settle: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(directory, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await settle(draft);
    await syncDirectory(directory);
  } finally {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

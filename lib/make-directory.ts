import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from './errors.js';

/**
 * Makes a directory and those above it that are missing, each 0700. Node's own recursive form never ends where
 * the system says that a parent is missing although it is there, as `/proc` does.
 *
 * @returns the first directory that was made; `undefined`: all were there
 */
export async function makeDirectory(path: string): Promise<string | undefined> {
  if (await makeOne(path)) return path;
  if (await isDirectory(path)) return undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : await makeDirectory(parent);
  // Fails with the system's own reason, if it still does.
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!hasCode(error, 'EEXIST') || !(await isDirectory(path))) throw error;
  });
  return first ?? path;
}

/** `false`: it, or something else of that name, is there; or its parent is missing. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST', 'ENOENT')) return false;
    throw error;
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

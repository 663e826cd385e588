import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { leftTemporaries } from './atomic-write.js';
import type { RegistryFiles } from './registry-files.js';
import { type LockRequest, withLock } from './registry-lock.js';

/** Paths of unfinished writes of the registry, its shadow copy and its backups. */
export async function allTemporaries(files: RegistryFiles): Promise<string[]> {
  const found = await Promise.all([
    leftTemporaries(files.file),
    leftTemporaries(files.shadow),
    // A backup's name is not known any more once its write was cut off.
    hiddenTemporaries(files.backups),
  ]);
  return found.flat().sort();
}

/**
 * Removes unfinished writes, and with the lock file what nobody holds.
 *
 * @throws KitError `registry-locked` (exit 3) while another process writes
 */
export async function sweepRemains(files: RegistryFiles, request: LockRequest): Promise<void> {
  await withLock(files.lock, request, async () => {
    for (const path of await allTemporaries(files)) await unlink(path).catch(() => undefined);
  });
}

async function hiddenTemporaries(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /^\..*\.tmp-/.test(name)).map((name) => join(directory, name));
}

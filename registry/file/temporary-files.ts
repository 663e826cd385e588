import { unlink } from 'node:fs/promises';
import { prefixOf, temporariesIn } from '../../lib/atomic-write.js';
import type { RegistryFiles } from './registry-files.js';
import { type LockOptions, withLock } from './registry-lock.js';

/** Paths of temporary files that interrupted writes have left, of the registry and of the kit's files. */
export async function temporaryFiles(files: RegistryFiles): Promise<string[]> {
  const found = await Promise.all([
    temporariesIn(files.directory, prefixOf(files.file)),
    ...[files.kitDirectory, files.backups, files.certificates].map((each) => temporariesIn(each)),
  ]);
  return found.flat().sort();
}

/**
 * Removes temporary files of interrupted writes, and the lock file that no process holds.
 *
 * @throws KitError `registry-locked` (exit 3) while another process writes
 */
export async function removeLeftovers(files: RegistryFiles, options: LockOptions): Promise<void> {
  await withLock(files.lock, options, async () => {
    for (const path of await temporaryFiles(files)) await unlink(path).catch(() => undefined);
  });
}

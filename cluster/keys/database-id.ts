import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectory } from '../../lib/make-directory.js';
import { ensureFile, guard, readIfThere } from './key-files.js';

const FILE = 'database-id';

/** Id in the cluster's mark in an external database, or `undefined`. Not secret. */
export async function readDatabaseId(directory: string): Promise<string | undefined> {
  const text = await guard(directory, () => readIfThere(join(directory, FILE)));
  return text?.trim() || undefined;
}

/** {@link readDatabaseId}; the first call creates it. */
export async function ensureDatabaseId(directory: string): Promise<string> {
  await guard(directory, async () => {
    await makeDirectory(directory);
    await ensureFile(directory, FILE, () => randomUUID());
  });
  const id = await readDatabaseId(directory);
  if (id === undefined) throw new Error(`${directory} vanished while it was read`);
  return id;
}

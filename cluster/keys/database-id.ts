import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFile, guard, readIfThere } from './key-files.js';

const FILE = 'database-id';

/** By which a cluster knows its mark in a database of one's own again, or `undefined`. No secret. */
export async function readDatabaseId(directory: string): Promise<string | undefined> {
  const text = await guard(directory, () => readIfThere(join(directory, FILE)));
  return text?.trim() || undefined;
}

/** {@link readDatabaseId}, made at the first call and the same ever after. */
export async function ensureDatabaseId(directory: string): Promise<string> {
  await guard(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await ensureFile(directory, FILE, () => randomUUID());
  });
  const id = await readDatabaseId(directory);
  if (id === undefined) throw new Error(`${directory} vanished while it was read`);
  return id;
}

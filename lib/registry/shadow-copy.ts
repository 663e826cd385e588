import { readFile, unlink } from 'node:fs/promises';
import { z } from 'zod';
import { Secret } from '../secret.js';
import { atomicWrite } from './atomic-write.js';
import { hasCode, registryFileError } from './file-errors.js';

/** An entry as the kit wrote it, kept beside the registry because other tools erase entries. */
export interface ShadowEntry {
  readonly host: string;
  readonly clusterSecret?: Secret;
  /** When the kit wrote it, ISO 8601. */
  readonly since: string;
}

const schema = z.object({
  version: z.literal(1),
  entries: z.record(
    z.string(),
    z.object({ host: z.string(), clusterSecret: z.string().optional(), since: z.string() }),
  ),
});

/** The shadow copy at `path`. A missing or damaged one counts as empty: it is only a memory. */
export async function readShadow(path: string): Promise<Map<string, ShadowEntry>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return new Map();
    throw registryFileError(path, 'read', error);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) return new Map();
  return new Map(
    Object.entries(parsed.data.entries).map(([name, { clusterSecret, ...rest }]) => [
      name,
      { ...rest, ...(clusterSecret ? { clusterSecret: new Secret(clusterSecret) } : {}) },
    ]),
  );
}

/** Writes the shadow copy, 0600; an empty one is removed. */
export async function writeShadow(
  path: string,
  entries: ReadonlyMap<string, ShadowEntry>,
): Promise<void> {
  if (entries.size === 0) {
    await unlink(path).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw registryFileError(path, 'remove', error);
    });
    return;
  }
  const plain = Object.fromEntries(
    [...entries].map(([name, { clusterSecret, ...rest }]) => [
      name,
      { ...rest, ...(clusterSecret ? { clusterSecret: clusterSecret.reveal() } : {}) },
    ]),
  );
  await atomicWrite(path, `${JSON.stringify({ version: 1, entries: plain }, null, 1)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

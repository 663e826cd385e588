import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import type { EntryOwner } from './entry-owner.js';
import { registryFileError, writeRegistryFile } from './file-errors.js';
import type { RegistryFiles } from './registry-files.js';

/** The cluster that had a secret in its entry. */
export interface FormerOwner extends EntryOwner {
  /** The entry is removed, the cluster may come back with this secret. @default - nobody needs it */
  readonly mayReturn?: true;
}

/**
 * Secrets that their own cluster has replaced or dropped, by digest. Backups with these and no others hold
 * nothing that anybody needs. The secrets are random, so a digest reveals nothing.
 */
export type RetiredSecrets = ReadonlyMap<string, FormerOwner>;

/** Marks all secrets of a cluster that has ended: those it had in entries, and `digests`. */
export const retireAll = (
  retired: RetiredSecrets,
  { identity, place }: EntryOwner,
  digests: readonly string[],
): RetiredSecrets => {
  const former = [...retired].filter(([, owner]) => owner.identity === identity);
  const all = [...former.map(([digest]) => digest), ...digests];
  return new Map([...retired, ...all.map((digest) => [digest, { identity, place }] as const)]);
};

const fileOf = ({ kitDirectory }: Pick<RegistryFiles, 'kitDirectory'>) =>
  join(kitDirectory, 'retired.json');

/** Reads the list; a missing or damaged one is empty, so that more is kept. */
export async function readRetired(
  files: Pick<RegistryFiles, 'kitDirectory'>,
): Promise<RetiredSecrets> {
  try {
    const found: unknown = JSON.parse(await readFile(fileOf(files), 'utf8'));
    return new Map(Object.entries(found ?? {}).filter(isEntry));
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'ENOTDIR')) return new Map();
    throw registryFileError(fileOf(files), 'read', error);
  }
}

const isEntry = (pair: [string, unknown]): pair is [string, FormerOwner] => {
  const value = pair[1] as Partial<FormerOwner> | null;
  return typeof value?.identity === 'string' && typeof value.place === 'string';
};

/** Writes the list, 0600, under the registry's lock. Its directory must exist. */
export async function writeRetired(files: RegistryFiles, retired: RetiredSecrets): Promise<void> {
  const text = `${JSON.stringify(Object.fromEntries(retired))}\n`;
  await writeRegistryFile(fileOf(files), text, { durable: false });
}

import { readFile, unlink } from 'node:fs/promises';
import { hasCode } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import type { EntryOwner } from './entry-owner.js';
import { registryFileError, writeRegistryFile } from './file-errors.js';

/** An entry as the kit wrote it, recorded beside the registry because other tools delete entries. */
export interface ShadowEntry {
  readonly host: string;
  readonly clusterSecret?: Secret;
  /** When the kit wrote it, ISO 8601. */
  readonly since: string;
  /** The cluster that it belongs to. @default - a person added it, or a version before identities */
  readonly owner?: EntryOwner;
}

/** Reads the shadow copy at `path`. A missing or damaged one counts as empty. */
export async function readShadow(path: string): Promise<Map<string, ShadowEntry>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return new Map();
    throw registryFileError(path, 'read', error);
  }
  return new Map(
    Object.entries(parseEntries(text)).flatMap(([name, value]) => shadowOf(name, value)),
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
  const text = `${JSON.stringify({ version: 1, entries: plain }, null, 1)}\n`;
  await writeRegistryFile(path, text, { durable: false });
}

// Without a schema library, which would double the start time of a command.
function parseEntries(text: string): object {
  try {
    const { version, entries } = JSON.parse(text);
    return version === 1 && entries !== null && typeof entries === 'object' ? entries : {};
  } catch {
    return {};
  }
}

function shadowOf(name: string, value: Record<string, unknown> | null): [string, ShadowEntry][] {
  const { host, clusterSecret, since, owner } = value ?? {};
  if (typeof host !== 'string' || typeof since !== 'string') return [];
  const secret = typeof clusterSecret === 'string' ? new Secret(clusterSecret) : undefined;
  return [[name, { host, since, ...(secret && { clusterSecret: secret }), ...ownerOf(owner) }]];
}

function ownerOf(value: unknown): { owner?: EntryOwner } {
  const { identity, place } = (value ?? {}) as Partial<EntryOwner>;
  return typeof identity === 'string' && typeof place === 'string'
    ? { owner: { identity, place } }
    : {};
}

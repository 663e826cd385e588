import { hasCode, usageError } from '../../lib/errors.js';
import { readBoundedFile } from '../../lib/read-text-file.js';
import { Secret } from '../../lib/secret.js';
import { positionAt } from '../../lib/text-lines.js';
import { registryFileError } from './file-errors.js';
import { clustersOf, parseRegistry } from './parse-registry.js';
import { CLOUD_SESSION, type ParsedRegistry } from './parsed-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { type RetiredSecrets, readRetired } from './retired-secrets.js';
import { readShadow, type ShadowEntry } from './shadow-copy.js';

/** One cluster of the registry. */
export interface RegistryEntry {
  readonly name: string;
  /** As written in the file, such as `http://localhost:4466`. */
  readonly host: string;
  /** Private key (PEM) or shared secret; absent when the file has none, or an empty one. */
  readonly clusterSecret?: Secret;
  /** Line of its name in the file, from 1. */
  readonly line: number;
}

/** An entry without host. CLIs up to 1.8 cannot read a file with such an entry. */
export interface BrokenEntry {
  readonly name: string;
  readonly line: number;
}

/** The registry file, and the kit's record of its own entries. */
export interface Registry {
  /** As given. */
  readonly path: string;
  readonly entries: readonly RegistryEntry[];
  readonly broken: readonly BrokenEntry[];
  /** Session of the hosted cloud, which no longer exists. */
  readonly cloudSessionKey?: Secret;
  /** The kit's shadow copy: the entries that it wrote, by name. */
  readonly owned: ReadonlyMap<string, ShadowEntry>;
  /** Secrets that their own cluster needs no more. */
  readonly retired: RetiredSecrets;
}

/**
 * Reads the registry at `path`; an empty one when there is no such file. Needs no lock, because writers
 * replace the file in one step.
 *
 * @throws KitError `registry-malformed` (exit 2) with `file:line:column`; exit 3 when unreadable
 */
export async function readRegistry(path: string): Promise<Registry> {
  const files = await registryFiles(path);
  const text = (await readRegistryText(files.file)) ?? '';
  return registryOf(path, parseRegistry(text, files.file), await readRecords(files));
}

/** Reads the kit's records beside a registry. */
export const readRecords = async (files: RegistryFiles) => ({
  owned: await readShadow(files.shadow),
  retired: await readRetired(files),
});

const NO_RECORDS = { owned: new Map(), retired: new Map() };

/** Converts a parsed file to values. */
export function registryOf(
  path: string,
  parsed: ParsedRegistry,
  { owned, retired }: Pick<Registry, 'owned' | 'retired'> = NO_RECORDS,
): Registry {
  const meaning = parsed.meaning;
  const entries: RegistryEntry[] = [];
  const broken: BrokenEntry[] = [];
  for (const [name, value] of clustersOf(meaning)) {
    const line = parsed.lineOf(parsed.entries.get(name)?.key.range[0] ?? 0);
    const host: unknown = value instanceof Map ? value.get('host') : undefined;
    if (typeof host !== 'string' || host === '') {
      broken.push({ name, line });
      continue;
    }
    const secret: unknown = (value as Map<unknown, unknown>).get('clusterSecret') ?? '';
    entries.push({
      name,
      host,
      line,
      ...(secret === '' ? {} : { clusterSecret: new Secret(String(secret)) }),
    });
  }
  const session: unknown = meaning.get(CLOUD_SESSION) ?? '';
  return {
    path,
    entries,
    broken,
    owned,
    retired,
    ...(session === '' ? {} : { cloudSessionKey: new Secret(String(session)) }),
  };
}

/** The text of `file`, byte order mark included; undefined when it does not exist. */
export async function readRegistryText(file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readBoundedFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw registryFileError(file, 'read', error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8(file, bytes, cause);
  }
}

function notUtf8(file: string, bytes: Buffer, cause: unknown) {
  // Decoded and encoded again, the bytes first differ where they are not UTF-8.
  const lenient = Buffer.from(bytes.toString('utf8'));
  const offset = bytes.findIndex((byte, index) => byte !== lenient[index]);
  const before = bytes.subarray(0, offset).toString('utf8');
  const { line, column } = positionAt(before, before.length);
  const path = `${file}:${line}:${column}`;
  const hint = 'Save the file as UTF-8.';
  return usageError('registry-malformed', { path, message: 'This is not UTF-8.', hint, cause });
}

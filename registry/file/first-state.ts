import { createHash } from 'node:crypto';
import { readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { listBackups } from './backups.js';
import type { EntryOwner } from './entry-owner.js';
import { writeRegistryFile } from './file-errors.js';
import { digestOf } from './ownership.js';
import { tryParseRegistry } from './parse-registry.js';
import { readRegistryText, registryOf } from './read-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { withLock } from './registry-lock.js';
import { type RetiredSecrets, readRetired, retireAll, writeRetired } from './retired-secrets.js';
import { readShadow } from './shadow-copy.js';

/** State of the registry before the kit wrote its first entry. */
interface FirstState {
  readonly directoryExisted: boolean;
  /** SHA-256 of the text; `null`: there was no file. */
  readonly digest: string | null;
}

const fileOf = ({ kitDirectory }: RegistryFiles) => join(kitDirectory, 'first-state.json');
const textDigest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Is this all that remains of a file that the kit created, after its entries are removed? */
const isEmpty = (text: string | undefined) => text === undefined || /^(clusters:\s*)?$/.test(text);

/**
 * Records the state of the registry before the kit writes its first entry. The first entry after all
 * others were removed does not count when the kit created the file.
 */
export async function rememberFirstState(
  files: RegistryFiles,
  { text, directoryExisted }: { text: string | undefined; directoryExisted: boolean },
): Promise<void> {
  const before = await readFirstState(files);
  if (before?.digest === null && isEmpty(text)) return;
  const digest = text === undefined ? null : textDigest(text);
  const state: FirstState = { directoryExisted, digest };
  await writeRegistryFile(fileOf(files), `${JSON.stringify(state)}\n`, { durable: false });
}

/** A cluster that ends, and the secrets that end with it. */
export interface Ended {
  readonly owner: EntryOwner;
  readonly secrets: readonly Secret[];
}

/**
 * Removes the kit's backups and shadow copy, and the file and directory if the kit created them, when
 * the registry is again as it was before the kit's first entry. Backups stay as long as one of them has a
 * secret that somebody else may need.
 *
 * @param ended call it before its secrets are removed from the key store
 */
export async function tidyRegistry(path: string, { owner, secrets }: Ended): Promise<void> {
  const files = await registryFiles(path);
  const first = await readFirstState(files);
  if (first === undefined) return;
  await withLock(files.lock, {}, async () => {
    const digests = secrets.map((each) => digestOf(each.reveal()));
    const retired = retireAll(await readRetired(files), owner, digests);
    if (retired.size > 0) await writeRetired(files, retired);
    await tidy(files, first, retired);
  });
  if (!first.directoryExisted) await rmdir(files.directory).catch(() => undefined);
}

async function tidy(
  files: RegistryFiles,
  { digest }: FirstState,
  retired: RetiredSecrets,
): Promise<void> {
  if ((await readShadow(files.shadow)).size > 0) return;
  const text = await readRegistryText(files.file);
  if (digest === null ? !isEmpty(text) : text === undefined || textDigest(text) !== digest) return;
  if (await hasNeededBackup(files, text ?? '', retired)) return;
  if (digest === null && text !== undefined) await unlink(files.file);
  await rm(files.kitDirectory, { recursive: true, force: true });
}

/** Has a backup the only copy of a secret that its cluster has not given up? */
async function hasNeededBackup(
  { backups, file }: RegistryFiles,
  text: string,
  retired: RetiredSecrets,
): Promise<boolean> {
  const present = new Set(secretsIn(text, file));
  for (const { path } of await listBackups(backups)) {
    const found = secretsIn(await readFile(path, 'utf8'), path);
    if (found === undefined) return true;
    const isOver = (each: string) => retired.has(each) && !retired.get(each)?.mayReturn;
    if (found.some((each) => !present.has(each) && !isOver(each))) return true;
  }
  return false;
}

/** Digests of all secrets in a registry's text; `undefined` when it cannot be parsed. */
function secretsIn(text: string, path: string): string[] | undefined {
  const parsed = tryParseRegistry(text, path);
  if (parsed === undefined) return undefined;
  const { entries } = registryOf(path, parsed);
  return entries.flatMap(({ clusterSecret }) =>
    clusterSecret === undefined ? [] : [digestOf(clusterSecret.reveal())],
  );
}

async function readFirstState(files: RegistryFiles): Promise<FirstState | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(files), 'utf8')) as FirstState;
  } catch (error) {
    // Without a readable record the kit removes nothing.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

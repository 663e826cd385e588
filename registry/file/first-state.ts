import { createHash } from 'node:crypto';
import { readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import { writeRegistryFile } from './file-errors.js';
import { readRegistryText } from './read-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { withLock } from './registry-lock.js';
import { readShadow } from './shadow-copy.js';

/** State of the registry before the kit wrote its first entry. */
interface FirstState {
  readonly directoryExisted: boolean;
  /** SHA-256 of the text; `null`: there was no file. */
  readonly digest: string | null;
}

const fileOf = ({ kitDirectory }: RegistryFiles) => join(kitDirectory, 'first-state.json');
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

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
  const digest = text === undefined ? null : digestOf(text);
  const state: FirstState = { directoryExisted, digest };
  await writeRegistryFile(fileOf(files), `${JSON.stringify(state)}\n`, { durable: false });
}

/**
 * Removes the kit's backups and shadow copy, and the file and directory if the kit created them, when
 * the registry is again as it was before the kit's first entry.
 */
export async function tidyRegistry(path: string): Promise<void> {
  const files = await registryFiles(path);
  const first = await readFirstState(files);
  if (first === undefined) return;
  await withLock(files.lock, {}, () => tidy(files, first));
  if (!first.directoryExisted) await rmdir(files.directory).catch(() => undefined);
}

async function tidy(files: RegistryFiles, { digest }: FirstState): Promise<void> {
  if ((await readShadow(files.shadow)).size > 0) return;
  const text = await readRegistryText(files.file);
  if (digest === null ? !isEmpty(text) : text === undefined || digestOf(text) !== digest) return;
  if (digest === null && text !== undefined) await unlink(files.file);
  await rm(files.kitDirectory, { recursive: true, force: true });
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

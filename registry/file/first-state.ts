import { createHash } from 'node:crypto';
import { readFile, rm, rmdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import { readRegistryText } from './read-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { type LockOwner, withLock } from './registry-lock.js';
import { readShadow } from './shadow-copy.js';
import { writeRegistryFile } from './write-registry-file.js';

/** What the registry was before the first entry of the kit's. */
interface FirstState {
  readonly directoryExisted: boolean;
  /** SHA-256 of the text; `null`: there was no file. */
  readonly digest: string | null;
}

const fileOf = ({ kitDirectory }: RegistryFiles) => join(kitDirectory, 'first-state.json');
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** What is left of a file that the kit made, once its entries are out again. */
const isEmpty = (text: string | undefined) => text === undefined || /^(clusters:\s*)?$/.test(text);

/**
 * Remembers how the registry is right before the first entry of the kit's goes in. An entry that
 * only goes out and in again, as a replaced server's does, is not the first.
 */
export async function rememberFirstState(
  files: RegistryFiles,
  { text, directoryExisted }: { text: string | undefined; directoryExisted: boolean },
): Promise<void> {
  const before = await readFirstState(files);
  if (before?.digest === null && isEmpty(text)) return;
  const state: FirstState = {
    directoryExisted,
    digest: text === undefined ? null : digestOf(text),
  };
  await writeRegistryFile(fileOf(files), `${JSON.stringify(state)}\n`, { durable: false });
}

/**
 * When the last cluster of the kit's is gone and the registry is again what it was before the first:
 * the copies go that hold its dead keys, and so do file and directory that the kit made.
 */
export async function tidyRegistry(path: string, owner: Partial<LockOwner> = {}): Promise<void> {
  const files = await registryFiles(path);
  const first = await readFirstState(files);
  if (first === undefined) return;
  const who = { pid: process.pid, host: hostname(), command: 'clusterkit', ...owner };
  await withLock(files.lock, { owner: who, now: () => new Date() }, () => tidy(files, first));
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
    // A damaged one says nothing: then nothing is known to be the kit's to remove.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

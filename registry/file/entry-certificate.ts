import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '../../lib/errors.js';
import { registryFileError, writeRegistryFile } from './file-errors.js';
import { registryFiles } from './registry-files.js';

/** The certificate to trust an entry's server by, when no public authority has signed it. */
export interface EntryCertificate {
  /** Path of its file, for other tools. */
  readonly path: string;
  /** PEM: the server's own, or its authority's. */
  readonly pem: string;
}

/** The certificate of entry `name` of the registry at `path`, or `undefined`. */
export async function readEntryCertificate(
  path: string,
  name: string,
): Promise<EntryCertificate | undefined> {
  const file = await placeOf(path, name);
  try {
    return { path: file, pem: await readFile(file, 'utf8') };
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw registryFileError(file, 'read', error);
  }
}

/** Certificates of all entries, by name. @param directory as {@link registryFiles} has it */
export async function readEntryCertificates(
  directory: string,
): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(directory).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw registryFileError(directory, 'read', error);
  });
  const found = new Map<string, string>();
  for (const file of files.filter((each) => each.endsWith('.pem'))) {
    const name = nameIn(file);
    const pem = await readFile(join(directory, file), 'utf8').catch(() => undefined);
    if (name !== undefined && pem !== undefined) found.set(name, pem);
  }
  return found;
}

/** Saves it in the kit's own directory beside the registry. Equal bytes are not written. */
export async function writeEntryCertificate(
  path: string,
  name: string,
  pem: string,
): Promise<void> {
  if ((await readEntryCertificate(path, name))?.pem === pem) return;
  const file = await placeOf(path, name);
  await removeBundles(path, name);
  await writeRegistryFile(file, pem, { durable: false });
}

/** Removes it, and its directories when they are empty. It is no error when it does not exist. */
export async function removeEntryCertificate(path: string, name: string): Promise<void> {
  const file = await placeOf(path, name);
  await removeBundles(path, name);
  try {
    await ifThere(file, 'remove', () => unlink(file));
  } finally {
    await removeEmpty(dirname(file));
  }
}

/** Renames the certificate of an entry that is renamed. */
export async function renameEntryCertificate(
  path: string,
  from: string,
  to: string,
): Promise<void> {
  const [old, file] = await Promise.all([placeOf(path, from), placeOf(path, to)]);
  await ifThere(old, 'rename', () => rename(old, file));
  await renameBundles(path, from, to);
}

/** The name is encoded, because it may contain any character. */
async function placeOf(path: string, name: string): Promise<string> {
  const { certificates } = await registryFiles(path);
  return join(certificates, `${encodeURIComponent(name)}.pem`);
}

function nameIn(file: string): string | undefined {
  try {
    return decodeURIComponent(file.replace(/\.pem$/, ''));
  } catch {
    return undefined;
  }
}

/** Does `work` on `file`, unless there is no such file. */
async function ifThere(file: string, what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw registryFileError(file, what, error);
  }
}

async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch(() => undefined);
  await rmdir(dirname(directory)).catch(() => undefined);
}

/**
 * Saves a certificate bundle of entry `name` beside the registry. Older bundles of the entry stay:
 * running programs may still read them.
 *
 * @returns the path of the file; equal certificates have the same path
 * @throws KitError (exit 3) where it cannot be written
 */
export async function saveBundle(path: string, name: string, pem: string): Promise<string> {
  const digest = createHash('sha256').update(pem).digest('hex').slice(0, 16);
  const file = join(await bundlesOf(path, name), `${digest}.pem`);
  const isThere = await stat(file).then(
    ({ size }) => size === Buffer.byteLength(pem),
    () => false,
  );
  if (!isThere) await writeRegistryFile(file, pem, { durable: false });
  return file;
}

/** Removes all bundles of an entry. */
export async function removeBundles(path: string, name: string): Promise<void> {
  await rm(await bundlesOf(path, name), { recursive: true, force: true });
}

/** Moves the bundles of an entry that is renamed. */
export async function renameBundles(path: string, from: string, to: string): Promise<void> {
  await removeBundles(path, to);
  const [old, now] = await Promise.all([bundlesOf(path, from), bundlesOf(path, to)]);
  await rename(old, now).catch(() => undefined);
}

/** The suffix makes names such as `..` harmless. */
async function bundlesOf(path: string, name: string): Promise<string> {
  const { certificates } = await registryFiles(path);
  return join(certificates, `${encodeURIComponent(name)}.bundles`);
}

import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { registryFiles } from './registry-files.js';
import { writeRegistryFile } from './write-registry-file.js';

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

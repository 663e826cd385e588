import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { registryFiles } from './registry-files.js';
import { writeRegistryFile } from './write-registry-file.js';

/**
 * Keeps certificates beside the registry, for programs that are told of a cluster and of others. What
 * the same entry was told before stays: programs read it when they need it, not when they start.
 *
 * @returns the path of the file: the same one for the same certificates
 * @throws KitError (exit 3) where it cannot be written
 */
export async function keepBundle(path: string, name: string, pem: string): Promise<string> {
  const digest = createHash('sha256').update(pem).digest('hex').slice(0, 16);
  const file = join(await bundlesOf(path, name), `${digest}.pem`);
  const isThere = await stat(file).then(
    ({ size }) => size === Buffer.byteLength(pem),
    () => false,
  );
  if (!isThere) await writeRegistryFile(file, pem, { durable: false });
  return file;
}

/** They go with the certificate of their entry. */
export async function removeBundles(path: string, name: string): Promise<void> {
  await rm(await bundlesOf(path, name), { recursive: true, force: true });
}

/** They go with the name of their entry. */
export async function renameBundles(path: string, from: string, to: string): Promise<void> {
  await removeBundles(path, to);
  const [old, now] = await Promise.all([bundlesOf(path, from), bundlesOf(path, to)]);
  await rename(old, now).catch(() => undefined);
}

/** The end keeps names such as `..` from leading elsewhere. */
async function bundlesOf(path: string, name: string): Promise<string> {
  const { certificates } = await registryFiles(path);
  return join(certificates, `${encodeURIComponent(name)}.bundles`);
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { guard, readIfThere, replaceFile } from '../../../cluster/keys/key-files.js';
import { environmentError } from '../../../lib/errors.js';

const FILE = 'known-hosts.json';

const publicKey = z.string().regex(/^ssh-ed25519 [A-Za-z0-9+/]+=*$/);

const knownHosts = z.strictObject({
  /** Last address of the droplet. */
  host: z.string(),
  /** Id of the droplet that the keys belong to, at any address. */
  droplet: z.string(),
  /** The droplet's own host keys. Several only while they change. */
  keys: z.array(publicKey).min(1),
  /** While the keys change: the one of the first boot, which the droplet may still use. */
  bootstrap: publicKey.optional(),
});

/** The known host keys of a droplet. */
export type KnownHosts = z.infer<typeof knownHosts>;

/**
 * The kit's own known hosts of a cluster, or `undefined` before the first contact.
 * @throws KitError `known-hosts-invalid` (exit 3)
 */
export async function readKnownHosts(directory: string): Promise<KnownHosts | undefined> {
  const path = join(directory, FILE);
  const text = await guard(directory, () => readIfThere(path));
  if (text === undefined) return undefined;
  try {
    return knownHosts.parse(JSON.parse(text));
  } catch (cause) {
    throw environmentError('known-hosts-invalid', {
      path,
      message: 'the droplet’s host keys cannot be read from this file',
      hint: 'Restore the file from a backup. Without it the kit cannot verify the droplet.',
      cause,
    });
  }
}

/** Stores them durably. */
export const writeKnownHosts = (directory: string, hosts: KnownHosts): Promise<void> =>
  guard(directory, () => replaceFile(directory, FILE, `${JSON.stringify(hosts, null, 2)}\n`));

/** Removes them, if any. */
export const removeKnownHosts = (directory: string): Promise<void> =>
  guard(directory, () => rm(join(directory, FILE), { force: true }));

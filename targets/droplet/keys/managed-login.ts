import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DatabaseLogin } from '../../../clients/database/database-login.js';
import { guard, readIfThere, replaceFile } from '../../../cluster/keys/key-files.js';
import { readDatabasePassword } from '../../../cluster/keys/key-store.js';
import { environmentError, usageError } from '../../../lib/errors.js';
import { makeDirectory } from '../../../lib/make-directory.js';

const FILE = 'managed-database.json';

const facts = z.strictObject({
  /** Id at DigitalOcean. */
  id: z.string(),
  connector: z.enum(['postgres', 'mysql']),
  /** Host in the droplet's private network. */
  host: z.string(),
  port: z.int(),
  user: z.string(),
  database: z.string(),
  /** Authority of the database's certificate (PEM). */
  ca: z.string(),
  /** Layout of its data (`cluster/data-layout.ts`). */
  layout: z.string(),
});

/** Login to a managed database, and its id. */
export interface ManagedLogin extends DatabaseLogin {
  /** Id at DigitalOcean. */
  readonly id: string;
  readonly ssl: 'verify-full';
  readonly ca: string;
  /** Layout of its data (`cluster/data-layout.ts`). */
  readonly layout: string;
}

/**
 * The stored login to a cluster's managed database; `undefined` before the stage `managed-database` has
 * written it.
 * @throws KitError `key-invalid` (exit 2) when the file is damaged
 */
export async function readManagedLogin(keyDirectory: string): Promise<ManagedLogin | undefined> {
  const path = join(keyDirectory, FILE);
  const text = await guard(keyDirectory, () => readIfThere(path));
  const password = await readDatabasePassword(keyDirectory);
  if (text === undefined || password === undefined) return undefined;
  try {
    return { ...facts.parse(JSON.parse(text)), password, ssl: 'verify-full' };
  } catch (cause) {
    const message = 'the login to the managed database cannot be read from this file';
    const hint = 'Delete it: `clusterkit up` then writes it again.';
    throw usageError('key-invalid', { path, message, hint, cause });
  }
}

/** Does the key store have the login to a managed database? */
export const hasManagedLogin = async (keyDirectory: string): Promise<boolean> =>
  (await managedIdOf(keyDirectory)) !== undefined;

/** Id of a cluster's managed database, even when the rest is unreadable; else `undefined`. */
export async function managedIdOf(keyDirectory: string): Promise<string | undefined> {
  const text = await guard(keyDirectory, () => readIfThere(join(keyDirectory, FILE)));
  return /"id": "([^"]+)"/.exec(text ?? '')?.[1];
}

/** Stores it: the password first, so that a stored login is complete. Both files are 0600. */
export async function writeManagedLogin(keyDirectory: string, login: ManagedLogin): Promise<void> {
  const { password, ssl: _, ...rest } = login;
  await guard(keyDirectory, async () => {
    await makeDirectory(keyDirectory);
    await replaceFile(keyDirectory, 'database-password', password.reveal());
    await replaceFile(keyDirectory, FILE, `${JSON.stringify(facts.parse(rest), null, 2)}\n`);
  });
}

/** Removes the login without the password, if any. */
export const removeManagedLogin = (keyDirectory: string): Promise<void> =>
  guard(keyDirectory, () => rm(join(keyDirectory, FILE), { force: true }));

/**
 * The stored login to the cluster's managed database.
 * @throws KitError `key-store-incomplete` (exit 3) where there is none
 */
export async function managedLogin({
  cluster,
  keyDirectory,
}: {
  readonly cluster: string;
  readonly keyDirectory: string;
}): Promise<ManagedLogin> {
  const login = await readManagedLogin(keyDirectory);
  if (login !== undefined) return login;
  throw environmentError('key-store-incomplete', {
    path: keyDirectory,
    message: `no stored login for ${cluster}'s managed database`,
    hint: 'Run `clusterkit up`, which requests it from DigitalOcean.',
  });
}

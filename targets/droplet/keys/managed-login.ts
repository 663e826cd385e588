import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DatabaseLogin } from '../../../clients/database/database-login.js';
import { guard, readIfThere, replaceFile } from '../../../cluster/keys/key-files.js';
import { readDatabasePassword } from '../../../cluster/keys/key-store.js';
import { environmentError, usageError } from '../../../lib/errors.js';

const FILE = 'managed-database.json';

const facts = z.strictObject({
  /** Id at DigitalOcean. */
  id: z.string(),
  connector: z.enum(['postgres', 'mysql']),
  /** In the droplet's private network. */
  host: z.string(),
  port: z.int(),
  user: z.string(),
  database: z.string(),
  /** Authority of the database's certificate (PEM). */
  ca: z.string(),
  /** What its data is of (`cluster/data-layout.ts`). */
  layout: z.string(),
});

/** How a server logs in to a managed database, and which one that is. */
export interface ManagedLogin extends DatabaseLogin {
  /** Id at DigitalOcean. */
  readonly id: string;
  readonly ssl: 'verify-full';
  readonly ca: string;
  /** What its data is of (`cluster/data-layout.ts`). */
  readonly layout: string;
}

/**
 * How a cluster's server logs in to its managed database, as the stage `managed-database` wrote it
 * down; `undefined` before it has.
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
    const message = 'how the managed database is reached cannot be read from this file';
    const hint = 'Delete it: `clusterkit up` then writes it anew.';
    throw usageError('key-invalid', { path, message, hint }, cause);
  }
}

/** Has the cluster, as far as is known here, a managed database? */
export const hasManagedLogin = async (keyDirectory: string): Promise<boolean> =>
  (await managedIdOf(keyDirectory)) !== undefined;

/** Id of a cluster's managed database, also where the rest cannot be read; else `undefined`. */
export async function managedIdOf(keyDirectory: string): Promise<string | undefined> {
  const text = await guard(keyDirectory, () => readIfThere(join(keyDirectory, FILE)));
  return /"id": "([^"]+)"/.exec(text ?? '')?.[1];
}

/** Writes it down: the password first, so that what is read is whole. Both files are 0600. */
export async function writeManagedLogin(keyDirectory: string, login: ManagedLogin): Promise<void> {
  const { password, ssl: _, ...rest } = login;
  await guard(keyDirectory, async () => {
    await mkdir(keyDirectory, { recursive: true, mode: 0o700 });
    await replaceFile(keyDirectory, 'database-password', password.reveal());
    await replaceFile(keyDirectory, FILE, `${JSON.stringify(facts.parse(rest), null, 2)}\n`);
  });
}

/** Forgets how it is reached, not the password. Nothing there is no error. */
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
    hint: 'Run `clusterkit up`, which asks DigitalOcean for it.',
  });
}

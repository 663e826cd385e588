import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KitError, usageError } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';
import { newPassword } from '../../lib/new-password.js';
import { Secret } from '../../lib/secret.js';
import type { Auth } from '../../prisma/auth.js';
import { ensureFile, guard, readIfThere, replaceFile } from './key-files.js';
import { newKeyPair, readKeyPair } from './key-pair.js';

/** Secrets of one cluster, for its users and containers only. */
export interface ClusterSecrets {
  /** Signs cluster tokens: a private key (PEM), or the shared secret. */
  readonly clusterSecret: Secret;
  /** The server checks tokens with it (SPKI PEM); a shared secret has none. */
  readonly publicKey: string | undefined;
  readonly databasePassword: Secret;
}

const DATABASE_PASSWORD = 'database-password';
const CLUSTER_SECRETS: Readonly<Record<Auth, string>> = {
  rsa: 'private.pem',
  secret: 'management-secret',
};

/**
 * The secrets of a cluster; the first call creates them. When several processes call at once, the first
 * to link a file wins, and all read its content.
 *
 * @param databasePassword initial password, when existing data already has one. @default - a new one
 */
export async function ensureSecrets(
  directory: string,
  auth: Auth,
  databasePassword?: string,
): Promise<ClusterSecrets> {
  return guard(directory, async () => {
    await makeDirectory(directory);
    const make = { rsa: async () => (await newKeyPair()).privateKey.reveal(), secret: newPassword };
    await ensureFile(directory, CLUSTER_SECRETS[auth], make[auth]);
    await ensureFile(directory, DATABASE_PASSWORD, async () => databasePassword ?? newPassword());
    const secrets = await readSecrets(directory, auth);
    if (secrets === undefined) throw new Error(`${directory} vanished while it was read`);
    return secrets;
  });
}

/** What {@link ensureSecrets} would make of a key store: new secrets in the place of missing ones, and no file. */
export async function secretsToBe(
  directory: string,
  auth: Auth,
  databasePassword?: string,
): Promise<ClusterSecrets> {
  const own = await guard(directory, () => readClusterSecret(directory, auth));
  const kept = await readDatabasePassword(directory);
  return {
    ...(own ?? (await newClusterSecret(auth))),
    databasePassword: kept ?? new Secret(databasePassword ?? (await newPassword())),
  };
}

async function newClusterSecret(auth: Auth) {
  if (auth === 'secret') {
    return { clusterSecret: new Secret(await newPassword()), publicKey: undefined };
  }
  const { privateKey, publicKey } = await newKeyPair();
  return { clusterSecret: privateKey, publicKey };
}

/**
 * Creates the database's password unless it exists. Call it before a place for data is created: from then
 * on the password shows that the data belongs to this cluster.
 */
export async function ensureDatabasePassword(directory: string): Promise<void> {
  await guard(directory, async () => {
    await makeDirectory(directory);
    await ensureFile(directory, DATABASE_PASSWORD, newPassword);
  });
}

/** Stores the password of an external or managed database, also when it has changed. */
export async function keepDatabasePassword(directory: string, password: Secret): Promise<void> {
  await guard(directory, async () => {
    const path = join(directory, DATABASE_PASSWORD);
    if (passwordIn(await readIfThere(path)) === password.reveal()) return;
    await makeDirectory(directory);
    await replaceFile(directory, DATABASE_PASSWORD, password.reveal());
  });
}

/**
 * The secrets of a cluster, or `undefined` when one is missing.
 * @throws KitError `key-invalid` (exit 2) when one is damaged
 */
export async function readSecrets(
  directory: string,
  auth: Auth,
): Promise<ClusterSecrets | undefined> {
  return guard(directory, async () => {
    const own = await readClusterSecret(directory, auth);
    const databasePassword = await readDatabasePassword(directory);
    return own && databasePassword && { ...own, databasePassword };
  });
}

async function readClusterSecret(directory: string, auth: Auth) {
  const path = join(directory, CLUSTER_SECRETS[auth]);
  const text = await readSecretFile(path);
  if (text === undefined) return undefined;
  if (auth === 'secret') return { clusterSecret: text, publicKey: undefined };
  try {
    const { privateKey, publicKey } = readKeyPair(text, path);
    return { clusterSecret: privateKey, publicKey };
  } catch (cause) {
    throw cause instanceof KitError ? damaged(path, cause.problems[0]?.message, cause) : cause;
  }
}

/** The server's database password, or `undefined` when there is none yet. */
export async function readDatabasePassword(directory: string): Promise<Secret | undefined> {
  return guard(directory, async () => {
    return readPassword(join(directory, DATABASE_PASSWORD));
  });
}

/**
 * Every secret that the cluster's registry entry may contain, since `server.auth` can have changed. Skips
 * damaged files, so that `down` works with a damaged key store.
 */
export async function readClusterSecrets(directory: string): Promise<readonly Secret[]> {
  return guard(directory, async () => {
    const read = async (auth: Auth) => {
      try {
        return (await readClusterSecret(directory, auth))?.clusterSecret;
      } catch (error) {
        if (error instanceof KitError) return undefined;
        throw error;
      }
    };
    const all = await Promise.all([read('rsa'), read('secret')]);
    return all.filter((each) => each !== undefined);
  });
}

/** Removes a cluster's secrets, if any. */
export async function removeSecrets(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** Keeps blanks: the user may have chosen a password for an external database that has some. */
const passwordIn = (text: string | undefined) => text?.replace(/\r?\n$/, '');

async function readPassword(path: string): Promise<Secret | undefined> {
  const text = passwordIn(await readIfThere(path));
  if (text === '') throw damaged(path, 'the file is empty');
  return text === undefined ? undefined : new Secret(text);
}

async function readSecretFile(path: string): Promise<Secret | undefined> {
  const text = (await readIfThere(path))?.trim();
  if (text === '') throw damaged(path, 'the file is empty');
  return text === undefined ? undefined : new Secret(text);
}

const damaged = (path: string, message = 'damaged', cause?: unknown) =>
  usageError('key-invalid', {
    path,
    message,
    hint: 'Restore the file, or delete it: `clusterkit up` then repairs the cluster.',
    cause,
  });

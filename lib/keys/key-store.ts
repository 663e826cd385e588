import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Auth } from '../auth.js';
import { Secret } from '../secret.js';
import { ensureFile, guard, readIfThere } from './key-files.js';
import { newKeyPair, readKeyPair } from './key-pair.js';

/** What one cluster's people and containers must know, and nobody else. */
export interface ClusterSecrets {
  /** What cluster tokens are signed with: a private key (PEM), or the shared secret. */
  readonly clusterSecret: Secret;
  /** What the server checks them with (SPKI PEM); a shared secret has none. */
  readonly publicKey: string | undefined;
  readonly databasePassword: Secret;
}

const DATABASE_PASSWORD = 'database-password';
const CLUSTER_SECRETS: Readonly<Record<Auth, string>> = {
  rsa: 'private.pem',
  secret: 'management-secret',
};

/** 32 random bytes as URL-safe base64: no character that YAML, shells or drivers could bend. */
const newPassword = async () => randomBytes(32).toString('base64url');

/**
 * The secrets of a cluster, made at the first call and the same ever after, also when several
 * processes call at once: whoever links its file first wins and all read the winner's.
 */
export async function ensureSecrets(directory: string, auth: Auth): Promise<ClusterSecrets> {
  return guard(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const make = { rsa: async () => (await newKeyPair()).privateKey.reveal(), secret: newPassword };
    await ensureFile(directory, CLUSTER_SECRETS[auth], make[auth]);
    await ensureFile(directory, DATABASE_PASSWORD, newPassword);
    const secrets = await readSecrets(directory, auth);
    if (secrets === undefined) throw new Error(`${directory} vanished while it was read`);
    return secrets;
  });
}

/** The secrets of a cluster, or `undefined` when it has none yet. */
export async function readSecrets(
  directory: string,
  auth: Auth,
): Promise<ClusterSecrets | undefined> {
  return guard(directory, async () => {
    const path = join(directory, CLUSTER_SECRETS[auth]);
    const clusterSecret = await readIfThere(path);
    const databasePassword = await readDatabasePassword(directory);
    if (clusterSecret === undefined || databasePassword === undefined) return undefined;
    if (auth === 'secret') {
      return {
        clusterSecret: new Secret(clusterSecret.trim()),
        publicKey: undefined,
        databasePassword,
      };
    }
    const { privateKey, publicKey } = readKeyPair(new Secret(clusterSecret), path);
    return { clusterSecret: privateKey, publicKey, databasePassword };
  });
}

/** What the server logs in to the database with, or `undefined` when there is none yet. */
export async function readDatabasePassword(directory: string): Promise<Secret | undefined> {
  return guard(directory, async () => {
    const text = await readIfThere(join(directory, DATABASE_PASSWORD));
    return text === undefined ? undefined : new Secret(text.trim());
  });
}

/** Every secret that the cluster's registry entry may carry: `server.auth` can have changed. */
export async function readClusterSecrets(directory: string): Promise<readonly Secret[]> {
  const all = await Promise.all(
    (['rsa', 'secret'] as const).map((auth) => readSecrets(directory, auth)),
  );
  return all.flatMap((secrets) => (secrets === undefined ? [] : [secrets.clusterSecret]));
}

/** Forget a cluster's secrets. Nothing there is no error. */
export async function removeSecrets(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

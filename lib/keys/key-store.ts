import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError } from '../errors.js';
import { Secret } from '../secret.js';
import { type KeyPair, newKeyPair, readKeyPair } from './key-pair.js';

/** What one cluster's people and containers must know, and nobody else. */
export interface ClusterSecrets {
  readonly keys: KeyPair;
  /** 32 random bytes as URL-safe base64: no character that YAML, shells or drivers could bend. */
  readonly databasePassword: Secret;
}

const PRIVATE_KEY = 'private.pem';
const DATABASE_PASSWORD = 'database-password';

/**
 * The secrets of a cluster, made at the first call and the same ever after, also when several
 * processes call at once: whoever links its file first wins and all read the winner's.
 */
export async function ensureSecrets(directory: string): Promise<ClusterSecrets> {
  return guard(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await ensureFile(directory, PRIVATE_KEY, async () => (await newKeyPair()).privateKey.reveal());
    await ensureFile(directory, DATABASE_PASSWORD, async () =>
      randomBytes(32).toString('base64url'),
    );
    const secrets = await readSecrets(directory);
    if (secrets === undefined) throw new Error(`${directory} vanished while it was read`);
    return secrets;
  });
}

/** The secrets of a cluster, or `undefined` when it has none yet. */
export async function readSecrets(directory: string): Promise<ClusterSecrets | undefined> {
  return guard(directory, async () => {
    const pem = await readIfThere(join(directory, PRIVATE_KEY));
    const password = await readIfThere(join(directory, DATABASE_PASSWORD));
    if (pem === undefined || password === undefined) return undefined;
    return {
      keys: readKeyPair(new Secret(pem), join(directory, PRIVATE_KEY)),
      databasePassword: new Secret(password.trim()),
    };
  });
}

/** Forget a cluster's secrets. Nothing there is no error. */
export async function removeSecrets(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

async function ensureFile(directory: string, name: string, make: () => Promise<string>) {
  const path = join(directory, name);
  if ((await readIfThere(path)) !== undefined) return;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(await make());
    await file.sync();
    await file.close();
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function guard<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw environmentError(
      'key-store-unusable',
      {
        path: directory,
        message: `the key store cannot be used: ${error.message}`,
        hint: 'It must be a writable directory on a disk with free space.',
      },
      error,
    );
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

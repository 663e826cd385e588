import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { ensureFile, guard, readIfThere } from '../../../cluster/keys/key-files.js';
import { environmentError, usageError } from '../../../lib/errors.js';
import { makeDirectory } from '../../../lib/make-directory.js';
import { Secret } from '../../../lib/secret.js';
import { newOpensshKey } from './openssh-key.js';

/** An ed25519 key pair in the forms of OpenSSH. */
export interface SshKeyPair {
  /** `BEGIN OPENSSH PRIVATE KEY`, without passphrase. */
  readonly privateKey: Secret;
  /** `ssh-ed25519 AAAA…`, without comment. */
  readonly publicKey: string;
}

/** The ssh keys of a cluster on a droplet. */
export interface SshKeys {
  /** Logs in as root. */
  readonly login: SshKeyPair;
  /** The droplet's host key at its first boot. It is in the user data, and is replaced after that. */
  readonly bootstrapHost: SshKeyPair;
}

const LOGIN = 'login-key';
const BOOTSTRAP = 'bootstrap-host-key';

/**
 * The ssh keys of a cluster; the first call creates them, also when several processes call at once. Creates a
 * removed bootstrap key again, for a new droplet.
 *
 * @throws KitError `key-store-unusable` (exit 3), `key-invalid` (exit 2)
 */
export async function ensureSshKeys(directory: string): Promise<SshKeys> {
  return guard(directory, async () => {
    await makeDirectory(directory);
    return {
      login: await ensurePair(directory, LOGIN),
      bootstrapHost: await ensurePair(directory, BOOTSTRAP),
    };
  });
}

/** The login key of a cluster. @throws KitError `login-key-missing` (exit 3) where it has none */
export async function readLoginKey(directory: string): Promise<SshKeyPair> {
  const pair = await guard(directory, () => readPair(directory, LOGIN));
  if (pair !== undefined) return pair;
  throw environmentError('login-key-missing', {
    path: join(directory, LOGIN),
    message: 'the login key of the droplet is not in the key store',
    hint: 'Restore the state directory of the cluster, or run `down` and `up`.',
  });
}

/** Does a key store have a login key? Only clusters on droplets do. */
export const hasLoginKey = async (directory: string): Promise<boolean> =>
  (await guard(directory, () => readIfThere(join(directory, LOGIN)))) !== undefined;

/** The host key of a droplet's first boot, or `undefined` after its removal. */
export const readBootstrapKey = (directory: string): Promise<SshKeyPair | undefined> =>
  guard(directory, () => readPair(directory, BOOTSTRAP));

/** Removes the bootstrap key, if it is this one; another one is for a new droplet. */
export async function dropBootstrapKey(directory: string, publicKey: string): Promise<void> {
  await guard(directory, async () => {
    if ((await readPair(directory, BOOTSTRAP))?.publicKey === publicKey) {
      await removePair(directory, BOOTSTRAP);
    }
  });
}

/** Removes both pairs, so that the next droplet gets others. */
export async function removeSshKeys(directory: string): Promise<void> {
  await guard(directory, async () => {
    await removePair(directory, LOGIN);
    await removePair(directory, BOOTSTRAP);
  });
}

async function ensurePair(directory: string, name: string): Promise<SshKeyPair> {
  await ensureFile(directory, name, newOpensshKey);
  const pair = await readPair(directory, name);
  if (pair === undefined) throw new Error(`${join(directory, name)} vanished while it was read`);
  // Derived from the private half, so that both match even after an interruption.
  await ensureFile(directory, `${name}.pub`, () => `${pair.publicKey}\n`);
  return pair;
}

async function readPair(directory: string, name: string): Promise<SshKeyPair | undefined> {
  const path = join(directory, name);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error || key.type !== 'ssh-ed25519' || !key.isPrivateKey()) {
    throw usageError('key-invalid', {
      path,
      message: 'not a private key of type ed25519 in OpenSSH form, without passphrase',
      hint: 'Restore the original file of the cluster.',
    });
  }
  return {
    privateKey: new Secret(text),
    publicKey: `ssh-ed25519 ${key.getPublicSSH().toString('base64')}`,
  };
}

/** Removes the public half first, because the private half is complete without it. */
async function removePair(directory: string, name: string): Promise<void> {
  await rm(join(directory, `${name}.pub`), { force: true });
  await rm(join(directory, name), { force: true });
}

/** The private keys of a droplet in the key store. Never fails. */
export async function sshSecrets({
  keyDirectory,
}: {
  readonly keyDirectory: string;
}): Promise<readonly Secret[]> {
  const keys = await Promise.allSettled([
    readLoginKey(keyDirectory),
    readBootstrapKey(keyDirectory),
  ]);
  return keys.flatMap((each) =>
    each.status === 'fulfilled' && each.value ? [each.value.privateKey] : [],
  );
}

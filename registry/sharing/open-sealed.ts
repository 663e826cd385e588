import { armor, Decrypter } from 'age-encryption';
import { KitError, usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { ageCommand } from './age-command.js';

/** The credentials that decrypt a text. */
export type Opener =
  | { readonly identities: readonly Secret[] }
  | { readonly passphrase: Secret }
  /** Path of a private key of ssh; the `age` command reads it. */
  | { readonly sshIdentityFile: string };

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

/**
 * Decrypts an age file, armored or not. @param path for messages
 *
 * @throws KitError `access-unreadable`, `access-locked` (exit 2)
 */
export async function openSealed(file: Buffer, opener: Opener, path: string): Promise<string> {
  const bytes = bytesOf(file, path);
  try {
    return await decrypt(bytes, opener);
  } catch (cause) {
    if (cause instanceof KitError) throw cause;
    throw usageError('access-locked', {
      path,
      message:
        'passphrase' in opener
          ? 'the passphrase is wrong, or the file is damaged'
          : 'it is encrypted for another key, or damaged',
      hint: 'Ask what the sender used: --recipient with your public key (`age-keygen -y`), or a passphrase.',
      cause,
    });
  }
}

async function decrypt(bytes: Uint8Array, opener: Opener): Promise<string> {
  if ('sshIdentityFile' in opener) {
    return ageCommand(['--decrypt', '--identity', opener.sshIdentityFile], bytes);
  }
  const decrypter = new Decrypter();
  if ('passphrase' in opener) decrypter.addPassphrase(opener.passphrase.reveal());
  else for (const identity of opener.identities) decrypter.addIdentity(identity.reveal());
  return decrypter.decrypt(bytes, 'text');
}

function bytesOf(file: Buffer, path: string): Uint8Array {
  const text = file.toString('latin1');
  try {
    if (text.includes(ARMOR)) return armor.decode(text);
    if (text.startsWith('age-encryption.org/v1\n')) return file;
  } catch {
    // Reported below.
  }
  throw usageError('access-unreadable', {
    path,
    message: 'this is not an age file, or it is incomplete',
    hint: 'Pass the complete output of `clusterkit cluster export`.',
  });
}

/**
 * Reads the private keys from an identity file of `age-keygen`.
 *
 * @throws KitError `identity-invalid` (exit 2), without any text of the file
 */
export function readIdentities(text: string, path: string): Secret[] {
  const found = text.match(/^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+/gm) ?? [];
  const identities = found.map((line) => new Secret(line));
  const isSound = identities.length > 0 && identities.every(isIdentity);
  if (isSound) return identities;
  const isLocked = text.includes(ARMOR) || text.startsWith('age-encryption.org/');
  throw usageError('identity-invalid', {
    path,
    message: isLocked
      ? 'this identity file is itself encrypted'
      : 'this file has no private key of age or ssh',
    hint: isLocked
      ? 'Decrypt it first: age -d FILE'
      : 'Pass the file that `age-keygen -o FILE` wrote.',
  });
}

function isIdentity(identity: Secret): boolean {
  try {
    new Decrypter().addIdentity(identity.reveal());
    return true;
  } catch {
    return false;
  }
}

import { armor, Decrypter } from 'age-encryption';
import { KitError, usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { ageCommand } from './age-command.js';

/** What opens a sealed text. */
export type Opener =
  | { readonly identities: readonly Secret[] }
  | { readonly passphrase: Secret }
  /** Path of a private key of ssh; the `age` command reads it. */
  | { readonly sshIdentityFile: string };

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';

/**
 * The text of an age file, armored or not. @param path for messages only
 *
 * @throws KitError `access-unreadable`, `access-locked` (exit 2)
 */
export async function openSealed(file: Buffer, opener: Opener, path: string): Promise<string> {
  const bytes = bytesOf(file, path);
  try {
    return await decrypt(bytes, opener);
  } catch (cause) {
    if (cause instanceof KitError) throw cause;
    throw usageError(
      'access-locked',
      {
        path,
        message:
          'passphrase' in opener
            ? 'it does not open with this passphrase, or is damaged'
            : 'it is meant for another key, or is damaged',
        hint: 'Compare what the sender used: --recipient with your public key (`age-keygen -y`), or a passphrase.',
      },
      cause,
    );
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
    // Told below, in our words.
  }
  throw usageError('access-unreadable', {
    path,
    message: 'this is no age file, or it was cut off on the way',
    hint: 'Give the file as `clusterkit cluster export` printed it, from its first to its last line.',
  });
}

/**
 * The private keys in an identity file as `age-keygen` writes it.
 *
 * @throws KitError `identity-invalid` (exit 2); nothing of the file is repeated
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
      : 'there is no private key of age or ssh in this file',
    hint: isLocked
      ? 'Decrypt it first: age -d FILE'
      : 'Give the file that `age-keygen -o FILE` wrote.',
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

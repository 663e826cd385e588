import { armor, Encrypter } from 'age-encryption';
import { KitError, type Problem, usageError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { ageCommand, isSshRecipient } from './age-command.js';

/** Who can decrypt it: the owners of these keys, or everybody who knows the passphrase. */
export type Audience = { readonly recipients: readonly string[] } | { readonly passphrase: Secret };

/** An exported file allows unlimited guesses, so a short passphrase does not protect it. */
const SHORTEST_PASSPHRASE = 12;

/**
 * Encrypts `text` to an ASCII-armored age file (age-encryption.org/v1).
 *
 * @throws KitError `recipient-invalid`, `passphrase-too-short` (exit 2), all problems at once
 */
export async function seal(text: string, audience: Audience): Promise<string> {
  if ('recipients' in audience) return sealFor(text, audience.recipients);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(checkedPassphrase(audience.passphrase));
  return armor.encode(await encrypter.encrypt(text));
}

async function sealFor(text: string, recipients: readonly string[]): Promise<string> {
  const encrypter = new Encrypter();
  const problems = recipients.flatMap((recipient): Problem[] => {
    if (isSshRecipient(recipient)) return [];
    try {
      if (!recipient.startsWith('age1')) return [wrongRecipient(recipient)];
      encrypter.addRecipient(recipient);
      return [];
    } catch {
      return [wrongRecipient(recipient)];
    }
  });
  if (problems.length > 0) throw usageError('recipient-invalid', problems);
  if (!recipients.some(isSshRecipient)) return armor.encode(await encrypter.encrypt(text));
  try {
    return await ageCommand(['--armor', ...recipients.flatMap((r) => ['--recipient', r])], text);
  } catch (cause) {
    if (cause instanceof KitError) throw cause;
    const message = 'age cannot use one of these public keys';
    throw usageError('recipient-invalid', { path: '--recipient', message, hint: HINT, cause });
  }
}

const HINT =
  'Your team mate generates a key with `age-keygen -o key.txt` and sends you the line `age1…`.';

function wrongRecipient(recipient: string): Problem {
  const path = '--recipient';
  if (/^AGE-SECRET-KEY-/i.test(recipient)) {
    const message =
      'this is a private key; everybody who has it can decrypt what is sent to its owner';
    return { path, message, hint: `Pass the public key. ${HINT}` };
  }
  if (/^ssh-|^ecdsa-|\.pub$/.test(recipient)) {
    const message = `'${recipient.slice(0, 40)}' is not a public key of type ssh-ed25519 or ssh-rsa`;
    return { path, message, hint: 'Pass the line of the .pub file, in quotes.' };
  }
  return { path, message: `'${recipient.slice(0, 80)}' is not a public age key`, hint: HINT };
}

function checkedPassphrase(passphrase: Secret): string {
  const text = passphrase.reveal();
  if (text.length >= SHORTEST_PASSPHRASE) return text;
  throw usageError('passphrase-too-short', {
    path: '--passphrase-stdin',
    message: `the passphrase has ${text.length} characters; at least ${SHORTEST_PASSPHRASE} are needed`,
    hint: 'Use four or five random words.',
  });
}

import { armor, Encrypter } from 'age-encryption';
import { type Problem, usageError } from '../errors.js';
import type { Secret } from '../secret.js';

/** Who can open it: the holders of these keys, or whoever knows the passphrase. */
export type Audience = { readonly recipients: readonly string[] } | { readonly passphrase: Secret };

/** An exported file can be guessed at without end, so a short passphrase protects nothing. */
const SHORTEST_PASSPHRASE = 12;

/**
 * `text` as an ASCII-armored age file (age-encryption.org/v1).
 *
 * @throws KitError `recipient-invalid`, `passphrase-too-short` (exit 2), all problems at once
 */
export async function seal(text: string, audience: Audience): Promise<string> {
  const encrypter = new Encrypter();
  if ('passphrase' in audience) encrypter.setPassphrase(checkedPassphrase(audience.passphrase));
  else addRecipients(encrypter, audience.recipients);
  return armor.encode(await encrypter.encrypt(text));
}

function addRecipients(encrypter: Encrypter, recipients: readonly string[]): void {
  const problems = recipients.flatMap((recipient): Problem[] => {
    try {
      if (!recipient.startsWith('age1')) return [wrongRecipient(recipient)];
      encrypter.addRecipient(recipient);
      return [];
    } catch {
      return [wrongRecipient(recipient)];
    }
  });
  if (problems.length > 0) throw usageError('recipient-invalid', problems);
}

const HINT =
  'Your team mate makes a key with `age-keygen -o key.txt` and tells you the line `age1…`.';

function wrongRecipient(recipient: string): Problem {
  const path = '--recipient';
  if (/^AGE-SECRET-KEY-/i.test(recipient)) {
    const message = 'this is a private key; who knows it can read what is meant for its owner';
    return { path, message, hint: `Give the public half. ${HINT}` };
  }
  if (/^ssh-|^ecdsa-|\.pub$/.test(recipient)) {
    const message = `keys of ssh cannot be recipients here: '${recipient.slice(0, 40)}'`;
    return { path, message, hint: `${HINT} Or use --passphrase-stdin.` };
  }
  return { path, message: `'${recipient.slice(0, 80)}' is no public age key`, hint: HINT };
}

function checkedPassphrase(passphrase: Secret): string {
  const text = passphrase.reveal();
  if (text.length >= SHORTEST_PASSPHRASE) return text;
  throw usageError('passphrase-too-short', {
    path: '--passphrase-stdin',
    message: `the passphrase has ${text.length} characters; at least ${SHORTEST_PASSPHRASE} are needed`,
    hint: 'Take four or five random words.',
  });
}

import { readKeyPair } from '../cluster/keys/key-pair.js';
import { usageError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { expandVariables } from './file/expand-variables.js';

/**
 * A secret as people keep it in a file, in the form that goes into the registry: a private key as
 * PKCS#1 PEM, a shared secret without the newline at its end.
 *
 * @param kind what it was given as; undefined: as it looks
 * @param path for messages; the secret is never repeated
 * @throws KitError `key-invalid`, `secret-invalid` (exit 2); says which option was meant
 */
export function readClusterSecret(
  text: Secret,
  kind: SecretKind | undefined,
  path: string,
): Secret {
  const found = secretKindOf(text);
  if ((kind ?? found) === 'secret') return readSharedSecret(text, found, path);
  if (found === 'secret' && !isBareKey(text)) {
    throw usageError('key-invalid', {
      path,
      message: 'not a private key in PEM form',
      hint: 'A shared secret (HS256) is given with --secret-file or --secret-stdin; an RSA private key as PEM, PKCS#1 or PKCS#8, without passphrase.',
    });
  }
  return readKeyPair(text, path).privateKey;
}

/** A key without the lines around it: its own error tells better what is wrong. */
const isBareKey = (text: Secret): boolean => /^MI[A-Za-z0-9+/=\s]{300,}$/.test(text.reveal());

function readSharedSecret(given: Secret, found: SecretKind, path: string): Secret {
  const text = given.reveal().replace(/\r?\n$/, '');
  const wrong = (message: string, hint: string) =>
    usageError('secret-invalid', { path, message, hint });
  if (found === 'rsa' || isBareKey(given)) {
    throw wrong(
      'this is a key (PEM), not a shared secret',
      'Give a private key with --key-file or --key-stdin.',
    );
  }
  if (text.trim() === '') {
    throw wrong('the shared secret is empty', 'Make one: openssl rand -base64 32');
  }
  if (expandVariables(text, {}) !== text) {
    throw wrong(
      'it has a variable (env:…) in it, which readers of the registry would replace',
      'Give the value itself.',
    );
  }
  return new Secret(text);
}

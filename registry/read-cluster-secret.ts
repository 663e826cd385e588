import { readKeyPair } from '../cluster/keys/key-pair.js';
import { usageError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { expandVariables } from './file/expand-variables.js';

/**
 * Converts a secret from a file to the form that the registry stores: a private key as PKCS#1 PEM, a
 * shared secret without the newline at its end.
 *
 * @param kind what the caller says it is; undefined: detected from its text
 * @param path for messages, which never contain the secret
 * @throws KitError `key-invalid`, `secret-invalid` (exit 2); the hint names the right option
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
      hint: 'Pass a shared secret (HS256) with --secret-file or --secret-stdin; an RSA private key as PEM, PKCS#1 or PKCS#8, without passphrase.',
    });
  }
  return readKeyPair(text, path).privateKey;
}

/** A key without its PEM header: the error of the key parser is clearer. */
const isBareKey = (text: Secret): boolean => /^MI[A-Za-z0-9+/=\s]{300,}$/.test(text.reveal());

function readSharedSecret(given: Secret, found: SecretKind, path: string): Secret {
  const text = given.reveal().replace(/\r?\n$/, '');
  const wrong = (message: string, hint: string) =>
    usageError('secret-invalid', { path, message, hint });
  if (found === 'rsa' || isBareKey(given)) {
    throw wrong(
      'this is a key (PEM), not a shared secret',
      'Pass a private key with --key-file or --key-stdin.',
    );
  }
  if (text.trim() === '') {
    throw wrong('the shared secret is empty', 'Generate one: openssl rand -base64 32');
  }
  if (expandVariables(text, {}) !== text) {
    throw wrong(
      'it contains a variable (env:…), which readers of the registry would replace',
      'Pass the value itself.',
    );
  }
  return new Secret(text);
}

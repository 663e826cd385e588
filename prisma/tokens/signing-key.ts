import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '../../lib/secret.js';

/** How a cluster's secret signs. */
export interface SigningKey {
  readonly alg: 'RS256' | 'HS256';
  readonly key: KeyObject;
}

/** What a cluster's secret is: a private key (signs RS256), or a shared text (signs HS256). */
export type SecretKind = 'rsa' | 'secret';

/** Whatever says that it is a PEM is a key; any other text is a shared secret. */
export const secretKindOf = (secret: Secret): SecretKind =>
  secret.reveal().includes('-----BEGIN') ? 'rsa' : 'secret';

/**
 * The signing key of a registry entry's secret: an RSA private key signs RS256, as servers before
 * 1.27 want it; any other text is a shared secret and signs HS256.
 *
 * @throws Error when the secret says that it is a private key and cannot be read as one
 */
export function signingKey(secret: Secret): SigningKey {
  const text = secret.reveal();
  if (secretKindOf(secret) === 'secret') {
    return { alg: 'HS256', key: createSecretKey(Buffer.from(text, 'utf8')) };
  }
  return { alg: 'RS256', key: createPrivateKey(text) };
}

import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Secret } from '../../lib/secret.js';

/** How a cluster's secret signs. */
export interface SigningKey {
  readonly alg: 'RS256' | 'HS256';
  readonly key: KeyObject;
}

/** Kind of a cluster's secret: a private key (signs RS256), or a shared text (signs HS256). */
export type SecretKind = 'rsa' | 'secret';

/** A text with a PEM header is a key; any other text is a shared secret. */
export const secretKindOf = (secret: Secret): SecretKind =>
  secret.reveal().includes('-----BEGIN') ? 'rsa' : 'secret';

/**
 * The signing key of a cluster's secret: an RSA private key signs RS256, which servers before 1.27
 * require; any other text is a shared secret and signs HS256.
 *
 * @throws Error when the secret has a PEM header but is not a readable key
 */
export function signingKey(secret: Secret): SigningKey {
  const text = secret.reveal();
  if (secretKindOf(secret) === 'secret') {
    return { alg: 'HS256', key: createSecretKey(Buffer.from(text, 'utf8')) };
  }
  return { alg: 'RS256', key: createPrivateKey(text) };
}

import { createPublicKey, createSecretKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../../lib/secret.js';
import { type ClusterTokenProps, signGrants } from './cluster-token.js';
import { type SigningKey, secretKindOf, signingKey } from './signing-key.js';

/** Secrets that no server knows, one of each kind: for a whole run, since making the key takes long. */
export interface Strangers {
  /** RSA private key (PEM). */
  readonly rsa: Secret;
  readonly shared: Secret;
}

/** New strangers. */
export async function newStrangers(): Promise<Strangers> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    rsa: new Secret(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
    shared: new Secret(randomBytes(32).toString('base64url')),
  };
}

/** What {@link foreignTokens} signs with, and how; `clusterSecret` absent: none is known. */
export interface ForeignTokensProps extends Pick<ClusterTokenProps, 'ttlSeconds' | 'now'> {
  readonly strangers: Strangers;
  readonly clusterSecret?: Secret | undefined;
}

/**
 * Tokens for everything that a closed server has to refuse: of a stranger's key, of a stranger's
 * shared secret and, where the cluster has a key pair, one that takes its public half, which anybody
 * may know, for a shared secret.
 */
export function foreignTokens(props: ForeignTokensProps): Promise<Secret[]> {
  const { strangers, clusterSecret } = props;
  const forged = clusterSecret ? publicHalfAsSecret(clusterSecret) : [];
  const keys = [signingKey(strangers.shared), signingKey(strangers.rsa), ...forged];
  return Promise.all(keys.map((key) => signGrants(key, props)));
}

/** HS256 over the text of the public key; a secret that cannot be read as a key has none. */
function publicHalfAsSecret(secret: Secret): SigningKey[] {
  if (secretKindOf(secret) !== 'rsa') return [];
  try {
    const pem = createPublicKey(secret.reveal()).export({ type: 'spki', format: 'pem' });
    return [{ alg: 'HS256', key: createSecretKey(Buffer.from(pem.toString())) }];
  } catch {
    return [];
  }
}

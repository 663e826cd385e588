import { createPublicKey, createSecretKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../../lib/secret.js';
import { type ClusterTokenProps, signGrants } from './cluster-token.js';
import { deriveFrom } from './derived-secret.js';
import { type SigningKey, secretKindOf, signingKey } from './signing-key.js';

/**
 * Secrets that no server knows, one of each kind. Shared by a whole run: making the key is slow.
 */
export interface ForeignCredentials {
  /** RSA private key (PEM). */
  readonly rsa: Secret;
  readonly shared: Secret;
}

let made: Promise<ForeignCredentials> | undefined;

/** The foreign credentials of this process, made at the first call. */
export function newForeignCredentials(): Promise<ForeignCredentials> {
  made ??= makeForeignCredentials();
  return made;
}

async function makeForeignCredentials(): Promise<ForeignCredentials> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    rsa: new Secret(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
    shared: new Secret(randomBytes(32).toString('base64url')),
  };
}

/**
 * Input of {@link foreignTokens}; without `clusterSecret` no token is forged from its public half.
 */
export interface ForeignTokensProps extends Pick<ClusterTokenProps, 'ttlSeconds' | 'now'> {
  readonly foreignCredentials: ForeignCredentials;
  readonly clusterSecret?: Secret | undefined;
}

/**
 * Tokens that a closed server must refuse: signed with a foreign key, with a foreign shared secret
 * and, for a cluster with a key pair, with its public half used as a shared secret, and with a secret
 * derived from it, since anybody may know it.
 */
export function foreignTokens(props: ForeignTokensProps): Promise<Secret[]> {
  const { foreignCredentials, clusterSecret } = props;
  const forged = clusterSecret ? publicHalfAsSecret(clusterSecret) : [];
  const keys = [
    signingKey(foreignCredentials.shared),
    signingKey(foreignCredentials.rsa),
    ...forged,
  ];
  return Promise.all(keys.map((key) => signGrants(key, props)));
}

/** HS256 with the text of the public key, and with what is derived from it; none when the secret is not a readable key. */
function publicHalfAsSecret(secret: Secret): SigningKey[] {
  if (secretKindOf(secret) !== 'rsa') return [];
  try {
    const key = createPublicKey(secret.reveal());
    const pem = key.export({ type: 'spki', format: 'pem' });
    const derived = deriveFrom(key.export({ type: 'spki', format: 'der' }));
    return [
      { alg: 'HS256', key: createSecretKey(Buffer.from(pem.toString())) },
      signingKey(derived),
    ];
  } catch {
    return [];
  }
}

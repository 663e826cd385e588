import { createPrivateKey, hkdfSync } from 'node:crypto';
import { Secret } from '../../lib/secret.js';

/** Keeps this secret apart from anything else that may ever be derived from the key. */
const CONTEXT = 'clusterkit shared secret of a key pair, version 1';
const BYTES = 32;

/**
 * The shared secret of a cluster with a key pair, for CLIs that sign with a shared secret only: HKDF-SHA256 of the
 * private key (PKCS#8, DER), base64url. Who has the registry entry has this secret too; the public key
 * does not help to find it.
 *
 * @throws Error when the key is not readable
 */
export function derivedSecret(privateKey: Secret): Secret {
  const der = createPrivateKey(privateKey.reveal()).export({ type: 'pkcs8', format: 'der' });
  return deriveFrom(der);
}

/** The derivation itself, of any bytes: also what somebody would try who has the public key only. */
export const deriveFrom = (der: Buffer): Secret =>
  new Secret(Buffer.from(hkdfSync('sha256', der, '', CONTEXT, BYTES)).toString('base64url'));

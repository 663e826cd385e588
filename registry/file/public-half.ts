import { createPublicKey } from 'node:crypto';
import { fingerprintOfDer } from '../../lib/fingerprint.js';

/**
 * The public half of a private key (or a public key itself) as SPKI DER; undefined for a secret that is
 * not an RSA key. Line breaks may be LF, CRLF, or the letters `\n`.
 */
export function publicHalf(secret: string): Buffer | undefined {
  try {
    const pem = secret.replace(/\\r/g, '').replace(/\\n/g, '\n').trim();
    return createPublicKey(pem).export({ type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}

/** SHA-256 of the public half, as OpenSSH prints it: `SHA256:…`. Undefined without a public half. */
export function fingerprint(secret: string): string | undefined {
  const half = publicHalf(secret);
  if (half === undefined) return undefined;
  return fingerprintOfDer(half);
}

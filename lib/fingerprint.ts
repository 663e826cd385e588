import { createHash } from 'node:crypto';

/** `SHA256:<base64>` without padding, as OpenSSH prints it, over a public key in DER form. */
export const fingerprintOfDer = (der: Buffer) =>
  `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;

import { X509Certificate } from 'node:crypto';

/** What a server over https is trusted by, beside its name. */
export interface ServerTrust {
  /** PEM of the only authority that counts, or of the server's own certificate. */
  readonly ca: string;
  /**
   * SHA-256 of the one certificate that is accepted, as {@link X509Certificate} writes it.
   * @default - any that the authority signed
   */
  readonly fingerprint?: string;
}

/**
 * What a certificate stands for: an authority for all that it signed, any other for itself alone.
 * @throws TypeError when it is none
 */
export function trustIn(pem: string): ServerTrust {
  const { ca, fingerprint256 } = certificateOf(pem);
  return ca ? { ca: pem } : { ca: pem, fingerprint: fingerprint256 };
}

function certificateOf(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new TypeError('not a certificate in PEM form', { cause });
  }
}

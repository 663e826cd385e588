import { X509Certificate } from 'node:crypto';

/** What verifies an https server, beside its name. */
export interface ServerTrust {
  /** PEM of the only trusted authority, or of the server's own certificate. */
  readonly ca: string;
  /**
   * SHA-256 of the only accepted certificate, in the form of {@link X509Certificate}.
   * @default - any certificate that the authority signed
   */
  readonly fingerprint?: string;
}

/**
 * The trust that a certificate gives: an authority covers what it signed, any other only itself.
 * @throws TypeError when it is not a certificate
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

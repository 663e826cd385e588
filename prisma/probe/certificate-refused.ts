import { connect } from 'node:tls';
import type { ServerTrust } from './server-trust.js';
import { Unreachable } from './unreachable.js';

/** What is wrong with a server's certificate. */
export type CertificateCode =
  | 'certificate-changed'
  | 'certificate-expired'
  | 'certificate-name'
  | 'certificate-untrusted';

/** A server answers, but its certificate is not valid. Nothing was sent to it. */
export class CertificateRefused extends Unreachable {
  override name = 'CertificateRefused';

  constructor(
    readonly code: CertificateCode,
    message: string,
    /** What to do, in full sentences. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const EXPIRED = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const UNTRUSTED =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|INVALID_(CA|PURPOSE)|PATH_LENGTH|ERROR_IN_CERT)/;
const PEER_MS = 3000;

/** The certificate problem behind a connection error; `undefined`: it has another cause. */
export async function refusalOf(
  error: unknown,
  host: string,
  trust: ServerTrust | undefined,
): Promise<CertificateRefused | undefined> {
  const { code = '', message = '' } = withCode(error);
  const isName = code === 'ERR_TLS_CERT_ALTNAME_INVALID';
  if (!isName && !EXPIRED.has(code) && !UNTRUSTED.test(code)) return undefined;
  const shown = await fingerprintAt(host);
  const because = { cause: error };
  if (trust?.fingerprint !== undefined && shown !== undefined && shown !== trust.fingerprint) {
    return new CertificateRefused(
      'certificate-changed',
      `its certificate is not the pinned one: ${shown}, not ${trust.fingerprint}`,
      'If the cluster was made anew, run `clusterkit up` again where it was made. If it was not, somebody may be intercepting the connection: nothing was sent.',
      because,
    );
  }
  if (EXPIRED.has(code)) {
    const hint =
      'Check the clock of this machine, then the log of the proxy, which renews the certificate: clusterkit logs NAME.';
    return new CertificateRefused(
      'certificate-expired',
      `its certificate is not valid now (${message})`,
      hint,
      because,
    );
  }
  if (isName) {
    const hint = 'Write the address that the certificate names into the registry.';
    return new CertificateRefused(
      'certificate-name',
      `its certificate is for another name (${message})`,
      hint,
      because,
    );
  }
  return new CertificateRefused(
    'certificate-untrusted',
    `this machine does not trust its certificate (${message}${shown === undefined ? '' : `; ${shown}`})`,
    'For a cluster with tls: pinned, run `clusterkit up` on this machine; for a private authority, set acme.caFile.',
    because,
  );
}

/** Undici reports the connection's error directly, or as its cause. */
function withCode(error: unknown): { readonly code?: string; readonly message?: string } {
  const outer = (error ?? {}) as { code?: string; message?: string; cause?: unknown };
  return outer.cause instanceof Error ? (outer.cause as { code?: string }) : outer;
}

/** Fingerprint of a server's certificate, trusted or not. Sends nothing to the server. */
function fingerprintAt(host: string): Promise<string | undefined> {
  const { hostname, port } = new URL(host);
  const name = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host: name,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    });
    const end = (found: string | undefined) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(found);
    };
    // A total time: a timeout of the socket begins anew at every byte.
    const limit = setTimeout(() => end(undefined), PEER_MS).unref();
    socket.once('error', () => end(undefined));
    socket.once('secureConnect', () => end(socket.getPeerCertificate().fingerprint256));
  });
}

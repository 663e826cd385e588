import { X509Certificate } from 'node:crypto';

/** What {@link joinCertificates} made. */
export interface JoinedCertificates {
  /** PEM: first all of the server's, then what the others add, each once. */
  readonly pem: string;
  /** How many the others add. */
  readonly added: number;
  /** Blocks of the others that are no certificates, left out. */
  readonly damaged: number;
}

/** What Node takes from such a file; all else in it is comment. */
const BLOCK = /-----BEGIN (X509 )?CERTIFICATE-----[\s\S]*?-----END \1CERTIFICATE-----/g;

/**
 * The certificates (PEM) that a server is trusted by, and others, as one text. Damaged ones are left
 * out, since Node would read no further; so are others of the server's own name, such as the ones it
 * had before: OpenSSL looks certificates up by name, and might find the wrong one.
 */
export function joinCertificates(server: string, others: string): JoinedCertificates {
  const own = certificatesIn(server).filter((each) => each !== undefined);
  const more = certificatesIn(others);
  const ownNames = new Set(own.map(({ subject }) => subject));
  const wanted = more.filter((each) => each !== undefined && !ownNames.has(each.subject));
  const all = [...own, ...wanted].map((each) => String(each));
  const unique = [...new Set(all)];
  return {
    pem: unique.join(''),
    added: unique.length - new Set(own.map(String)).size,
    damaged: more.filter((each) => each === undefined).length,
  };
}

const certificatesIn = (text: string) =>
  [...text.matchAll(BLOCK)].map(([block]) => {
    try {
      return new X509Certificate(block.replaceAll('X509 CERTIFICATE', 'CERTIFICATE'));
    } catch {
      return undefined;
    }
  });

import { X509Certificate } from 'node:crypto';

/** The blocks that Node reads from such a file. */
const BLOCK = /-----BEGIN (X509 )?CERTIFICATE-----[\s\S]*?-----END \1CERTIFICATE-----/g;

/**
 * Joins the certificates (PEM) of a server with other ones. Skips damaged ones, because Node stops reading
 * there, and others with the server's subject, such as its former ones: OpenSSL finds certificates by
 * subject, and could use the wrong one.
 */
export function joinCertificates(server: string, others: string) {
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

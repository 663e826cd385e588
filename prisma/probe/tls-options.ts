import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ServerTrust } from './server-trust.js';

/** What makes a connection only to servers that `trust` verifies. `undefined`: the usual authorities. */
export const tlsOptionsOf = (trust: ServerTrust | undefined) =>
  trust && {
    ca: trust.ca,
    checkServerIdentity: (name: string, peer: PeerCertificate) =>
      checkServerIdentity(name, peer) ?? otherThan(trust, peer),
  };

/** The second check: a certificate that is no authority verifies only itself. */
function otherThan({ fingerprint }: ServerTrust, peer: PeerCertificate): Error | undefined {
  if (fingerprint === undefined || peer.fingerprint256 === fingerprint) return undefined;
  return Object.assign(new Error('not the pinned certificate'), { code: 'CERT_NOT_PINNED' });
}

import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { Agent } from 'undici';
import type { ServerTrust } from './server-trust.js';

const agents = new Map<string, Agent>();

/**
 * An agent that connects only to servers that `trust` verifies. `undefined`: the usual authorities.
 */
export function agentFor(trust: ServerTrust | undefined): Agent | undefined {
  if (trust === undefined) return undefined;
  const known = agents.get(trust.ca);
  if (known !== undefined) return known;
  const agent = new Agent({
    connect: {
      ca: trust.ca,
      checkServerIdentity: (name: string, peer: PeerCertificate) =>
        checkServerIdentity(name, peer) ?? otherThan(trust, peer),
    },
  });
  agents.set(trust.ca, agent);
  return agent;
}

/** The second check: a certificate that is no authority verifies only itself. */
function otherThan({ fingerprint }: ServerTrust, peer: PeerCertificate): Error | undefined {
  if (fingerprint === undefined || peer.fingerprint256 === fingerprint) return undefined;
  return Object.assign(new Error('not the pinned certificate'), { code: 'CERT_NOT_PINNED' });
}

import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { Agent } from 'undici';
import type { ServerTrust } from './server-trust.js';

const agents = new Map<string, Agent>();

/** Connects to servers that are trusted so, and to no others. `undefined`: the usual authorities. */
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

/** Only itself can vouch for a certificate that is no authority; this is the second lock. */
function otherThan({ fingerprint }: ServerTrust, peer: PeerCertificate): Error | undefined {
  if (fingerprint === undefined || peer.fingerprint256 === fingerprint) return undefined;
  return Object.assign(new Error('not the pinned certificate'), { code: 'CERT_NOT_PINNED' });
}

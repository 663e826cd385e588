import type { Generation } from './generation.js';

/**
 * How a cluster tells its people from strangers: `rsa`, a key pair whose public half is on the
 * server (RS256 tokens), or `secret`, one secret that both sides have (HS256 tokens).
 */
export type Auth = 'rsa' | 'secret';

/**
 * What can be checked in front of a server of a generation: a gateway knows key pairs, and speaks to the
 * server in its own way.
 */
export const authsOf = (generation: Generation, hasGateway: boolean): readonly [Auth, ...Auth[]] =>
  hasGateway && generation === 'C' ? ['rsa', 'secret'] : AUTHS[generation];

/** What servers of a generation can check; the first is what they get when nobody says. */
export const AUTHS: Readonly<Record<Generation, readonly [Auth, ...Auth[]]>> = {
  A: ['rsa'],
  B: ['rsa', 'secret'],
  C: ['secret'],
};

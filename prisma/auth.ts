import type { Generation } from './generation.js';

/**
 * How a server verifies tokens: `rsa`, with the public half of a key pair (RS256), or `secret`,
 * with a shared secret that both sides have (HS256).
 */
export type Auth = 'rsa' | 'secret';

/**
 * What a cluster of a generation can verify: a gateway verifies key pairs for any server, and signs
 * its own requests to the server.
 */
export const authsOf = (generation: Generation, hasGateway: boolean): readonly [Auth, ...Auth[]] =>
  hasGateway && generation === 'C' ? ['rsa', 'secret'] : AUTHS[generation];

/** What servers of a generation can verify; the first is the default. */
export const AUTHS: Readonly<Record<Generation, readonly [Auth, ...Auth[]]>> = {
  A: ['rsa'],
  B: ['rsa', 'secret'],
  C: ['secret'],
};

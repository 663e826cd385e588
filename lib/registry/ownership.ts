import { publicHalf } from './public-half.js';
import type { RegistryEntry } from './read-registry.js';
import type { ShadowEntry } from './shadow-copy.js';

/** What tells ours from foreign. */
export interface Ownership {
  /** Public key (PEM) of the cluster that the entry should be of. */
  readonly publicKey?: string | undefined;
  /** What the kit recorded when it wrote an entry of this name. */
  readonly recorded?: ShadowEntry | undefined;
}

/**
 * Is `entry` ours? Yes when its secret is the private half of the cluster's public key, or when it
 * still carries the secret that the kit wrote (without one: the host). An entry of our name that
 * somebody else has filled since is theirs.
 */
export function isOurs(entry: RegistryEntry, { publicKey, recorded }: Ownership): boolean {
  const secret = entry.clusterSecret?.reveal();
  if (publicKey !== undefined && secret !== undefined && sameKey(secret, publicKey)) return true;
  if (recorded === undefined) return false;
  const written = recorded.clusterSecret?.reveal();
  if (secret === undefined || written === undefined) return entry.host === recorded.host;
  return secret === written || sameKey(secret, written);
}

function sameKey(a: string, b: string): boolean {
  const half = publicHalf(a);
  return half !== undefined && publicHalf(b)?.equals(half) === true;
}

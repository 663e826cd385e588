import type { Secret } from '../../lib/secret.js';
import { publicHalf } from './public-half.js';
import type { RegistryEntry } from './read-registry.js';
import type { ShadowEntry } from './shadow-copy.js';

/** What identifies an entry as ours. */
export interface Ownership {
  /** Keys or shared secrets of our cluster. */
  readonly secrets?: readonly Secret[];
  /** The kit's record of an entry of this name. */
  readonly recorded?: ShadowEntry | undefined;
}

/**
 * Is `entry` ours? It is when its secret belongs to our cluster, or when it still has the secret that the
 * kit wrote (the host, when it wrote none). An entry that another tool has overwritten is foreign.
 */
export function isOurs(entry: RegistryEntry, { secrets = [], recorded }: Ownership): boolean {
  const secret = entry.clusterSecret?.reveal();
  const isSecret = (own: string) => secret !== undefined && sameSecret(secret, own);
  if (secrets.some((own) => isSecret(own.reveal()))) return true;
  if (recorded === undefined) return false;
  const written = recorded.clusterSecret?.reveal();
  if (secret === undefined || written === undefined) return entry.host === recorded.host;
  return isSecret(written);
}

function sameSecret(a: string, b: string): boolean {
  if (a === b) return true;
  const half = publicHalf(a);
  return half !== undefined && publicHalf(b)?.equals(half) === true;
}

import type { Secret } from '../../lib/secret.js';
import { publicHalf } from './public-half.js';
import type { RegistryEntry } from './read-registry.js';
import type { ShadowEntry } from './shadow-copy.js';

/** What tells ours from foreign. */
export interface Ownership {
  /** What the cluster that the entry should be of is known by: its key or shared secret. */
  readonly secrets?: readonly Secret[];
  /** What the kit recorded when it wrote an entry of this name. */
  readonly recorded?: ShadowEntry | undefined;
}

/**
 * Is `entry` ours? Yes when its secret is the cluster's own, in whatever form a key is written, or when
 * it still carries the secret that the kit wrote (without one: the host). An entry of our name that
 * somebody else has filled since is theirs.
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

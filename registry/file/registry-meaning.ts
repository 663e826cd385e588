import { CLUSTERS, type Meaning } from './parse-registry.js';

/** The entries below `clusters`, by name. */
export function clustersOf(meaning: Meaning): ReadonlyMap<string, unknown> {
  const clusters = meaning.get(CLUSTERS);
  const pairs = clusters instanceof Map ? [...clusters] : [];
  return new Map(pairs.map(([key, value]) => [String(key), value] as const));
}

import { usageError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { isOurs } from './ownership.js';
import type { Registry } from './read-registry.js';

/**
 * Refuses a name that somebody else's entry has. Call it before anything is created.
 *
 * @param secrets of the cluster that wants the name
 * @throws KitError `registry-conflict` (exit 2)
 */
export function assertNoConflict(
  registry: Registry,
  name: string,
  secrets: readonly Secret[],
): void {
  const entry = registry.entries.find((one) => one.name === name);
  if (entry === undefined) return;
  if (isOurs(entry, { secrets, recorded: registry.owned.get(name) })) return;
  throw usageError('registry-conflict', {
    path: `${registry.path}:${entry.line}`,
    message: `The registry already has a cluster '${name}' (${entry.host}) that is not this one.`,
    hint: `Give the old one another name: clusterkit cluster rename ${name} NEW-NAME. Or overwrite it with --force.`,
  });
}

import { usageError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { isOurs } from './ownership.js';
import type { Registry } from './read-registry.js';

/**
 * Rejects a name that a foreign entry has. Call it before anything is created.
 *
 * @param secrets of the cluster that gets the name
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
    message: `The registry already has another cluster '${name}' (${entry.host}).`,
    hint: `Rename the other one: clusterkit cluster rename ${name} NEW-NAME. Or overwrite it with --force.`,
  });
}

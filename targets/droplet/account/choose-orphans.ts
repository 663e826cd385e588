import { usageError } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import type { Orphan } from './orphans.js';

/**
 * Of everything else only a person knows whether anybody still wants it: a cluster that is unknown here
 * may be in use by another project of the same account.
 */
const isNobodys = ({ object: { kind }, why }: Orphan) =>
  why === 'unknown-to-state' || kind === 'tag';

/**
 * The orphans that words name: a cluster, or the name or id of an object. Without words all those that
 * this project left, and tags that are on nothing.
 * @throws KitError `orphan-unknown` (exit 2)
 */
export function chooseOrphans(orphans: readonly Orphan[], words: readonly string[]): Orphan[] {
  if (words.length === 0) return orphans.filter(isNobodys);
  const namesOf = ({ object: { cluster, id, name } }: Orphan) => [cluster ?? '', name, id];
  const unknown = words.filter((word) => !orphans.some((one) => namesOf(one).includes(word)));
  if (unknown.length > 0) {
    const known = [...new Set(orphans.flatMap(namesOf))].filter(Boolean);
    throw usageError(
      'orphan-unknown',
      unknown.map((word) => ({
        path: word,
        message: 'is no orphan, nor the cluster of one',
        hint: unknownName(word, known, 'There are no orphans on the account.'),
      })),
    );
  }
  return orphans.filter((orphan) => namesOf(orphan).some((name) => words.includes(name)));
}

import { usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import type { Orphan } from './orphans.js';

/** What `--all` leaves alone: only a person knows whether anybody still wants it. */
const BY_NAME_ONLY: readonly Orphan['why'][] = ['made-elsewhere', 'kept-data', 'unmarked'];

/**
 * The orphans that words name: a cluster, or the name or id of an object. Without words all those
 * that nobody but this project can want.
 * @throws KitError `orphan-unknown` (exit 2)
 */
export function chooseOrphans(orphans: readonly Orphan[], words: readonly string[]): Orphan[] {
  if (words.length === 0) return orphans.filter(({ why }) => !BY_NAME_ONLY.includes(why));
  const namesOf = ({ object: { cluster, id, name } }: Orphan) => [cluster ?? '', name, id];
  const strangers = words.filter((word) => !orphans.some((one) => namesOf(one).includes(word)));
  if (strangers.length > 0) {
    const known = [...new Set(orphans.flatMap(namesOf))].filter(Boolean);
    throw usageError(
      'orphan-unknown',
      strangers.map((word) => ({
        path: word,
        message: 'is no orphan, nor the cluster of one',
        hint: unknownName(word, known, 'There are no orphans on the account.'),
      })),
    );
  }
  return orphans.filter((orphan) => namesOf(orphan).some((name) => words.includes(name)));
}

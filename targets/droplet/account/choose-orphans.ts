import { usageError } from '../../../lib/errors.js';
import { unknownName } from '../../../lib/unknown-name.js';
import type { Orphan } from './orphans.js';

/**
 * Orphans that are safe to remove without a choice. All others only the user can judge: another project of
 * the same account may use a cluster that is unknown here.
 */
const isSafe = ({ object: { kind }, why }: Orphan) => why === 'unknown-to-state' || kind === 'tag';

/**
 * The orphans that words select: a cluster, or the name or id of an object. Without words all left-overs of
 * this project, and unused tags.
 * @throws KitError `orphan-unknown` (exit 2)
 */
export function chooseOrphans(orphans: readonly Orphan[], words: readonly string[]): Orphan[] {
  if (words.length === 0) return orphans.filter(isSafe);
  const namesOf = ({ object: { cluster, id, name } }: Orphan) => [cluster ?? '', name, id];
  const unknown = words.filter((word) => !orphans.some((one) => namesOf(one).includes(word)));
  if (unknown.length > 0) {
    const known = [...new Set(orphans.flatMap(namesOf))].filter(Boolean);
    throw usageError(
      'orphan-unknown',
      unknown.map((word) => ({
        path: word,
        message: 'is neither an orphan nor the cluster of one',
        hint: unknownName(word, known, 'There are no orphans on the account.'),
      })),
    );
  }
  return orphans.filter((orphan) => namesOf(orphan).some((name) => words.includes(name)));
}

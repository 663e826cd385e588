import { closest, distance } from 'fastest-levenshtein';

/** More differing letters than this are another word, not a slip. */
const SLIPS = 3;
/** A longer list helps nobody. */
const LISTED = 20;

/** A hint for a name that is not among `known`: what was probably meant, and what there is. */
export function unknownName(name: string, known: readonly string[], none: string): string {
  if (known.length === 0) return none;
  const nearest = closest(name, known);
  const meant = distance(name, nearest) <= SLIPS ? `Did you mean '${nearest}'? ` : '';
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : '';
  return `${meant}Known: ${known.slice(0, LISTED).join(', ')}${more}.`;
}

import { closest, distance } from 'fastest-levenshtein';

/** With more differing letters it is another name, not a typing error. */
const TYPOS = 3;
/** Names in the list; the rest is counted. */
const LISTED = 20;

/** A hint for an unknown name: the nearest known name, and a list of all. */
export function unknownName(name: string, known: readonly string[], none: string): string {
  if (known.length === 0) return none;
  const nearest = closest(name, known);
  const meant = distance(name, nearest) <= TYPOS ? `Did you mean '${nearest}'? ` : '';
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : '';
  return `${meant}Known: ${known.slice(0, LISTED).join(', ')}${more}.`;
}

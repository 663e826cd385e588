import { closest, distance } from 'fastest-levenshtein';
import { printableLine } from './printable.js';

/** With more differing letters it is another name, not a typing error. */
const TYPOS = 3;
/** Names in the list; the rest is counted. */
const LISTED = 20;

/** A hint for an unknown name: the nearest known name, and a list of all. */
export function unknownName(name: string, known: readonly string[], none: string): string {
  if (known.length === 0) return none;
  const shown = known.map(printableLine);
  const nearest = closest(name, known);
  const meant =
    distance(name, nearest) <= TYPOS ? `Did you mean '${printableLine(nearest)}'? ` : '';
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : '';
  return `${meant}Known: ${shown.slice(0, LISTED).join(', ')}${more}.`;
}

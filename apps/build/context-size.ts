import { usageError } from '../../lib/errors.js';
import type { ContextEntry } from './list-files.js';

/** A directory that is larger has something in it that no image needs. */
const LARGEST_BYTES = 500 * 1024 * 1024;

/** How many of the large ones a message names. */
const NAMED = 5;

/** Refuses what is too large to send, and names what is large. @throws KitError (exit 2) `app-context-too-big` */
export function requireSaneSize(
  directory: string,
  entries: readonly ContextEntry[],
  largest = LARGEST_BYTES,
): void {
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes <= largest) return;
  const big = largestParts(entries)
    .slice(0, NAMED)
    .map(([name, size]) => `${name} (${megabytes(size)})`);
  throw usageError('app-context-too-big', {
    path: directory,
    message: `the build would send ${megabytes(bytes)}, and at most ${megabytes(largest)} are allowed; the largest: ${big.join(', ')}`,
    hint: 'Leave out what the image does not need, with lines in .dockerignore.',
  });
}

/** First parts of the paths with the sum of their sizes, the largest first. */
function largestParts(entries: readonly ContextEntry[]): [string, number][] {
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    const [first = '', ...more] = entry.path.split('/');
    const name = more.length > 0 ? `${first}/` : first;
    sizes.set(name, (sizes.get(name) ?? 0) + sizeOf(entry));
  }
  return [...sizes].sort(([, a], [, b]) => b - a);
}

const sizeOf = (entry: ContextEntry) => (entry.kind === 'file' ? entry.size : 0);

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;

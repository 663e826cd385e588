import { isMap, isPair, isSeq, type ParsedNode } from 'yaml';
import { lineBreakOf, lineStart, nextLine, type Splice } from '../../lib/text-lines.js';
import type { FileMap, FilePair, ParsedRegistry } from './parsed-registry.js';

/** Offset behind the last character of a pair's content; comments that follow are not part of it. */
export function pairEnd(pair: FilePair): number {
  const valueEnd = pair.value === null ? 0 : nodeEnd(pair.value);
  return Math.max(nodeEnd(pair.key), valueEnd);
}

function nodeEnd(node: ParsedNode): number {
  // The range of a block collection runs on over the comments behind it.
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last === undefined) return node.range[0];
    return isPair(last) ? pairEnd(last as FilePair) : nodeEnd(last as ParsedNode);
  }
  return node.range[1];
}

/** Offset behind the line on which a pair of a block map ends. */
export function pairLinesEnd(text: string, pair: FilePair): number {
  const end = pairEnd(pair);
  // A block scalar ends behind its own line break.
  return end > 0 && text[end - 1] === '\n' ? end : nextLine(text, end);
}

/** The indentation of the line of `offset`, as text. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';

/** Removes a pair of `map`: its whole lines in block style, with its comma in flow style. */
export function cutPair(text: string, map: FileMap, pair: FilePair): Splice {
  if (map.flow === true) return cutFlowPair(text, map, pair);
  const start = lineStart(text, pair.key.range[0]);
  const end = pairLinesEnd(text, pair);
  const first = text.charCodeAt(0) === 0xfeff ? Math.max(start, 1) : start;
  if (end < text.length || text.endsWith('\n') || first === 0) {
    return { start: first, end, insert: '' };
  }
  // A file without a final line break keeps it that way.
  const before = text[first - 2] === '\r' ? first - 2 : first - 1;
  return { start: before, end, insert: '' };
}

function cutFlowPair(text: string, map: FileMap, pair: FilePair): Splice {
  const index = map.items.indexOf(pair);
  const next = map.items[index + 1];
  const previous = map.items[index - 1];
  if (next) return { start: pair.key.range[0], end: next.key.range[0], insert: '' };
  if (previous) return { start: pairEnd(previous), end: pairEnd(pair), insert: '' };
  // The only pair may have a trailing comma.
  const comma = /^\s*,/.exec(text.slice(pairEnd(pair)))?.[0].length ?? 0;
  return { start: pair.key.range[0], end: pairEnd(pair) + comma, insert: '' };
}

/**
 * Inserts whole lines at a line boundary, or behind a last line without line break.
 *
 * @param lines without line breaks
 */
export function insertLines(
  { text }: Pick<ParsedRegistry, 'text'>,
  offset: number,
  lines: readonly string[],
): Splice {
  const lineBreak = lineBreakOf(text);
  const block = lines.join(lineBreak);
  const fresh = offset === 0 || (offset === 1 && text.charCodeAt(0) === 0xfeff);
  const insert =
    fresh || text[offset - 1] === '\n' ? `${block}${lineBreak}` : `${lineBreak}${block}`;
  return { start: offset, end: offset, insert };
}

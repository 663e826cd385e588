/** Line and column of `offset` in `text`, both from 1. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  const line = lastBreak === -1 ? 1 : before.split('\n').length;
  return { line, column: offset - lastBreak };
}

/** Offset just behind the line break that ends the line of `offset`, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

/** One replacement of `text[start, end)` by `insert`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** `text` with all `splices` applied; they must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let rest = text;
  for (const { start, end, insert } of [...splices].sort((a, b) => b.start - a.start)) {
    rest = rest.slice(0, start) + insert + rest.slice(end);
  }
  return rest;
}

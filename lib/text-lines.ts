/** Line and column of `offset` in `text`, both from 1. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Offset of the first character of the line that `offset` is in. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** Offset of the end of the line that `offset` is in, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const next = nextLine(text, offset);
  const lineBreak = /\r?\n$/.exec(text.slice(offset, next))?.[0] ?? '';
  return next - lineBreak.length;
}

/** Offset behind the line break that ends the line of `offset`, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

/** The line break that the text uses; LF when it has none. */
export const lineBreakOf = (text: string): '\n' | '\r\n' =>
  /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';

/** One replacement of `text[start, end)` by `insert`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

/** `text` with `[start, end)` replaced. */
export const splice = (text: string, start: number, end: number, insert: string): string =>
  text.slice(0, start) + insert + text.slice(end);

/** `text` with all `splices` applied; they must not overlap. */
export const applySplices = (text: string, splices: readonly Splice[]): string =>
  [...splices]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, insert }) => splice(rest, start, end, insert), text);

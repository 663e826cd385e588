/** Line of `offset` in `text`, from 1. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;

/** Offset of the first character of the line that `offset` is in. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** Offset of the end of the line that `offset` is in, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  const end = found === -1 ? text.length : found;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The line break that the text uses; LF when it has none. */
export const lineBreakOf = (text: string): '\n' | '\r\n' =>
  /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';

/** `text` with `[start, end)` replaced. */
export const splice = (text: string, start: number, end: number, insert: string): string =>
  text.slice(0, start) + insert + text.slice(end);

/** Offset of the first character of the line that `offset` is in. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** The line break that the text uses; LF when it has none. */
export const lineBreakOf = (text: string): '\n' | '\r\n' =>
  /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';

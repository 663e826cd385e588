/**
 * A text as one word of HAProxy's configuration: in double quotes, where its escapes are known.
 * @throws TypeError for control characters, which no line can have
 */
export function word(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new TypeError(`a control character in ${JSON.stringify(text)}`);
  }
  return `"${text.replace(/["\\$]/g, '\\$&')}"`;
}

/** A section: its head, and its lines indented. */
export const section = (head: string, lines: readonly string[]): string =>
  [head, ...lines.map((line) => `  ${line}`), ''].join('\n');

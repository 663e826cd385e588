/** A table; text with `|` in it stays in its cell. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** Lines in a fence. */
export const codeBlock = (language: string, lines: readonly string[]): string =>
  ['```'.concat(language), ...lines, '```'].join('\n');

/** `text` with a capital letter and a full stop. */
export const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** A generated page from its parts. */
export const page = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

import { shellWord } from '../lib/shell-word.js';

/** A command as a line for a POSIX shell. */
export const shellWords = (words: readonly string[]): string => words.map(quoted).join(' ');

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(printable(word));

/** `text` with its control characters escaped, because they could mislead the reader on a terminal. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (unit) => `\\u${(unit.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

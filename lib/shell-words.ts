import { printableLine } from './printable.js';
import { shellWord } from './shell-word.js';

/** A command as a line for a POSIX shell. */
export const shellWords = (words: readonly string[]): string => words.map(quoted).join(' ');

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(printableLine(word));

/** `text` as one word of a POSIX shell: single quotes keep every character, line breaks too. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

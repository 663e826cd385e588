import fc from 'fast-check';

const TROUBLE = [
  ...['"', "'", '#', ':', '$', '\\', '\n', '\r', '\t', ' ', '{', '}', '%', '&', '*', '!'],
  ...['|', '>', '-', '?', '@', '`', ',', '[', ']', '(', ')', ';', '~', 'a', '0'],
  ...['é', '✓', '😀', '\u2028', '\u0085'],
];

/** Passwords that formats trip over, and any other text; what no file can hold is left out. */
export const specialText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...TROUBLE), maxLength: 40 }),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);

import { describe, expect, test } from 'vitest';
import {
  PrintableStream,
  printable,
  printableJson,
  printableLine,
} from '../../../lib/printable.js';

/** What no text from outside may do to a terminal, and how it is shown. One line for each. */
const OUTSIDE: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['the clipboard', '\u001b]52;c;ZXZpbA==\u0007', '\\u001b]52;c;ZXZpbA==\\u0007'],
  ['a clear screen in one byte', '\u009b2J', '\\u009b2J'],
  ['a rewritten line', 'evil\rgood', 'evil\\rgood'],
  ['backspaces', 'no\b\byes', 'no\\u0008\\u0008yes'],
  ['another direction', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['invisible characters', 'lo\u200bcal\u2060\ufeff\u00ad', 'lo\\u200bcal\\u2060\\ufeff\\u00ad'],
  ['invisible tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['another line end', 'a\u2028b\u0085c', 'a\\u2028b\\u0085c'],
  ['half of a character', 'a\ud800b', 'a\\ud800b'],
  ['nothing', 'Grüße, 世界 🙂', 'Grüße, 世界 🙂'],
];

describe.each(OUTSIDE)('%s', (_, text, shown) => {
  test('as text', () => expect(printable(text)).toBe(shown));
  test('on one line', () => expect(printableLine(text)).toBe(shown));
  test('as JSON: the same value, nothing to act on', () => {
    const json = printableJson({ text }, 2);
    expect(JSON.parse(json)).toEqual({ text });
    expect(printable(json)).toBe(json);
  });
  test('once is enough', () => expect(printable(printable(text))).toBe(printable(text)));
});

test('line breaks and tabs are text, but not on one line', () => {
  expect(printable('a\r\nb\n\tc')).toBe('a\nb\n\tc');
  expect(printableLine('a\r\nb\n\tc')).toBe('a\\r\\nb\\n\\tc');
});

test('a stream keeps its colours, wherever it is cut', () => {
  const bytes = Buffer.from('é\u001b[1;31mred\u001b[0m\u001b[2J\u001b]0;title\u0007é');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const stream = new PrintableStream();
    const text = stream.push(bytes.subarray(0, cut)) + stream.push(bytes.subarray(cut));
    expect(text + stream.end()).toBe('é\u001b[1;31mred\u001b[0m\\u001b[2J\\u001b]0;title\\u0007é');
  }
});

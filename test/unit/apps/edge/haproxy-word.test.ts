import fc from 'fast-check';
import { expect, test } from 'vitest';
import { section, word } from '../../../../apps/edge/haproxy-word.js';

test('a word is quoted, and what HAProxy reads inside of quotes is escaped', () => {
  expect(word('/health')).toBe('"/health"');
  expect(word('a "b" $HOME \\ #c \'d\'')).toBe('"a \\"b\\" \\$HOME \\\\ #c \'d\'"');
  for (const text of ['a\nb', 'a\rb', 'a\0b', '\u007f'])
    expect(() => word(text)).toThrow(TypeError);
});

test('without escapes it is the text again, and never more than one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      const quoted = word(text);
      expect(quoted.slice(1, -1).replace(/\\(.)/g, '$1')).toBe(text);
      expect(quoted.slice(1, -1).replace(/\\./g, '')).not.toMatch(/["$\\]/);
    }),
  );
});

test('a section ends with an empty line', () => {
  expect(section('global', ['maxconn 1'])).toBe('global\n  maxconn 1\n');
});

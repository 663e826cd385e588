import { expect, test } from 'vitest';
import { unknownName } from '../../../lib/unknown-name.js';

test('suggests the nearest name, and lists all', () => {
  expect(unknownName('loacl', ['local', 'b'], 'none')).toBe(
    "Did you mean 'local'? Known: local, b.",
  );
  expect(unknownName('production', ['local'], 'none')).toBe('Known: local.');
  expect(unknownName('x', [], 'There is nothing.')).toBe('There is nothing.');
});

test('a name has one line', () => {
  expect(unknownName('evil', ['evil\n'], '')).toBe("Did you mean 'evil\\n'? Known: evil\\n.");
});

test('names no more than people read', () => {
  const known = Array.from({ length: 50 }, (_, i) => `cluster-${i}`);
  expect(unknownName('zzzzzzzzzzzzz', known, '')).toMatch(/, cluster-19 and 30 more\.$/);
});

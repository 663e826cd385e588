import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printableLine } from '../../../lib/printable.js';
import { shellWords } from '../../../lib/shell-words.js';

test('plain words stay plain, the rest is quoted', () => {
  expect(shellWords(['clusterkit', 'cluster', 'show', 'a b', "it's", ''])).toBe(
    "clusterkit cluster show 'a b' 'it'\\''s' ''",
  );
});

test('a shell reads back what went in', () => {
  const word = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => printableLine(text) === text);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const script = `printf '%s\\n' ${shellWords(words)}`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(
        `${words.join('\n')}\n`,
      );
    }),
    { numRuns: 60 },
  );
});

test('control characters are shown, not obeyed', () => {
  expect(shellWords(['a\u001b[2Jb\u202ec'])).toBe("'a\\u001b[2Jb\\u202ec'");
});

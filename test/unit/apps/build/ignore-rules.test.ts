import { describe, expect, test } from 'vitest';
import { ignoreRules } from '../../../../apps/build/ignore-rules.js';

/** As the docker CLI decides for the same lines. */
const TABLE: [lines: string, ignored: string[], kept: string[]][] = [
  ['', [], ['a', 'a/b']],
  ['# comment\n\n  \na', ['a', 'a/b'], ['# comment', 'b/a']],
  ['*.md', ['README.md'], ['docs/README.md', 'README.mdx']],
  ['**/*.md', ['README.md', 'docs/a/README.md'], ['README.txt']],
  ['/node_modules/', ['node_modules', 'node_modules/x'], ['a/node_modules']],
  ['**/node_modules', ['node_modules', 'a/node_modules/x'], ['node_modules2']],
  ['docs/**', ['docs/a', 'docs/a/b'], ['doc']],
  ['a?c', ['abc'], ['a/c', 'abbc']],
  ['[ab].txt', ['a.txt', 'b.txt'], ['c.txt', 'A.txt']],
  ['*.md\n!README.md', ['b.md'], ['README.md']],
  ['!README.md\n*.md', ['README.md'], []],
  ['*\n!src', ['a', 'a/b'], ['src', 'src/a/b']],
  ['src\n!src/keep/*.js', ['src/a.js', 'src/keep/a.ts'], ['src/keep/a.js']],
  ['./a/../b', ['b'], ['a']],
  ['\uFEFFa', ['a'], []],
  ['a\r\nb\r\n', ['a', 'b'], ['c']],
  ['Case', ['Case'], ['case']],
  ['app/(group)/x+y', ['app/(group)/x+y'], ['app/group/xy', 'app/group/xxy']],
  ['a\\*b', ['a*b'], ['axb']],
];

describe('ignoreRules', () => {
  test.each(TABLE)('%j', (lines, ignored, kept) => {
    const rules = ignoreRules(lines);
    expect(ignored.filter((path) => !rules.ignores(path))).toEqual([]);
    expect(kept.filter((path) => rules.ignores(path))).toEqual([]);
  });

  test.each([
    ['a\n!a/b/c', 'a', true],
    ['a\n!a/b/c', 'a/b', true],
    ['a\n!a/b/c', 'x', false],
    ['a\n!/a/b', 'a', true],
    ['*\n!**/*.js', 'x/y', true],
    ['node_modules\n!*.md', 'node_modules', true],
    ['node_modules', 'node_modules', false],
  ])('%j: may something in %s be included? %s', (lines, directory, expected) => {
    expect(ignoreRules(lines).reachesInto(directory)).toBe(expected);
  });
});

import { expect, it } from 'vitest';
import { slowTests } from '../../../scripts/slow-tests.js';

const file = (name: string, ms: number, tests: Record<string, number | null> = {}) => ({
  name: `/kit/test/${name}`,
  startTime: 1000,
  endTime: 1000 + ms,
  assertionResults: Object.entries(tests).map(([fullName, duration]) => ({ fullName, duration })),
});

it('lists the slowest files and tests, the slowest first', () => {
  const testResults = [
    file('a.test.ts', 1500, { 'a waits': 1200, 'a skips': null }),
    file('b.test.ts', 62_000, { 'b boots': 61_000 }),
    file('c.test.ts', 3),
  ];
  expect(slowTests({ testResults }, '/kit', 2)).toBe(
    [
      'Slowest files',
      '    62.0 s  test/b.test.ts',
      '     1.5 s  test/a.test.ts',
      '',
      'Slowest tests',
      '    61.0 s  test/b.test.ts > b boots',
      '     1.2 s  test/a.test.ts > a waits',
      '\n',
    ].join('\n'),
  );
});

it('lists nothing where there is no report', () => {
  expect(slowTests(undefined, '/kit')).toBe('');
});

import { expect, it } from 'vitest';
import { closingLine, countTests } from '../../../scripts/count-tests.js';

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
});

it('counts tests, not files', () => {
  const testResults = [
    file('passed', 'passed', 'passed', 'skipped'),
    file('failed', 'failed', 'passed', 'todo'),
  ];
  expect(countTests({ testResults })).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

it('counts a file that could not be loaded, or failed outside its tests, as one failure', () => {
  expect(countTests({ testResults: [file('failed')] })).toMatchObject({ passed: 0, failed: 1 });
  expect(countTests({ testResults: [file('failed', 'passed')] })).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

it('counts nothing where there is no report', () => {
  expect(countTests(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

it('closes with a line in the agreed form', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});

import { describe, expect, test } from 'vitest';
import {
  EXIT,
  environmentError,
  formatProblem,
  KitError,
  usageError,
} from '../../../lib/errors.js';

test('exit codes are as documented', () => {
  expect(EXIT).toEqual({ done: 0, internal: 1, usage: 2, environment: 3, finding: 4 });
});

describe('KitError', () => {
  test('usage is 2 and environment 3', () => {
    expect(usageError('a-code', { message: 'm' })).toMatchObject({ code: 'a-code', exitCode: 2 });
    expect(environmentError('b-code', { message: 'm' })).toMatchObject({
      code: 'b-code',
      exitCode: 3,
    });
  });

  test('its message has all problems, each with path and next step', () => {
    const error = usageError('many', [
      { path: 'a.b', message: 'is missing', hint: 'Write it.' },
      { message: 'is odd' },
    ]);
    expect(error).toBeInstanceOf(KitError);
    expect(error.message).toBe('a.b: is missing\n  Write it.\nis odd');
    expect(error.problems).toHaveLength(2);
  });

  test('its cause is no part of the problem', () => {
    const cause = new Error('why');
    const error = usageError('one', { message: 'is odd', cause });
    expect(error.cause).toBe(cause);
    expect(error.problems).toEqual([{ message: 'is odd' }]);
  });
});

test('formatProblem', () => {
  expect(formatProblem({ message: 'm' })).toBe('m');
  expect(formatProblem({ path: 'p', message: 'm' })).toBe('p: m');
  expect(formatProblem({ path: 'p', message: 'm', hint: 'h' })).toBe('p: m\n  h');
});

import { expect, test } from 'vitest';
import { backoffMs } from '../../../../programs/activator/backoff.js';
import { conditionOf, exitOf } from '../../../../programs/activator/container-condition.js';

const container = (state: string, status = '') => ({ name: 'a', state, status });

test.each([
  ['running', 'running'],
  ['paused', 'paused'],
  ['created', 'stopped'],
  ['exited', 'stopped'],
  ['dead', 'stopped'],
  ['restarting', 'between'],
  ['removing', 'between'],
])('%s is %s', (state, condition) => {
  expect(conditionOf(container(state))).toBe(condition);
});

test('no container is missing', () => expect(conditionOf(undefined)).toBe('missing'));

test.each([
  ['Exited (0) 2 seconds ago', 'it ended with exit code 0'],
  ['Exited (137) 3 hours ago', 'it ended with exit code 137 (killed, perhaps for its memory)'],
  ['Dead', 'it ended'],
])('%s', (status, text) => expect(exitOf(container('exited', status))).toBe(text));

test('pauses double, up to a minute', () => {
  expect([1, 2, 3, 6, 7, 50].map(backoffMs)).toEqual([1e3, 2e3, 4e3, 32e3, 60e3, 60e3]);
});

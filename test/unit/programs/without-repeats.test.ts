import { expect, test } from 'vitest';
import { withoutRepeats } from '../../../programs/without-repeats.js';

test('a line that repeats is written once in 10 s, with the number of those left out', () => {
  const lines: string[] = [];
  let now = 0;
  const log = withoutRepeats(
    (line) => lines.push(line),
    () => now,
  );
  for (let i = 0; i < 1000; i++) log('the relay is full');
  log('other');
  log('the relay is full');
  now = 10_000;
  log('the relay is full');
  expect(lines).toEqual([
    'the relay is full',
    'the relay is full (999 more times)',
    ...['other', 'the relay is full', 'the relay is full'],
  ]);
});

import { describe, expect, it } from 'vitest';
import { type StepEnd, StepLog, stepLine } from '../../../../targets/common/step-log.js';

describe('stepLine', () => {
  it('shows outcome and seconds, and what was sent', () => {
    expect(stepLine({ step: 'volume', outcome: 'mounted', ms: 520 })).toBe(
      'volume: mounted (0.5 s)',
    );
    expect(stepLine({ step: 'images', outcome: 'copied', ms: 5000, bytes: 94_310_596 })).toBe(
      'images: copied, 94.3 MB at 18.9 MB/s (5.0 s)',
    );
  });
});

it('measures each step from the end of the one before', async () => {
  const ends: StepEnd[] = [];
  const log = new StepLog((end) => ends.push(end));
  await new Promise((resolve) => setTimeout(resolve, 60));
  log.done('first', 'done');
  log.done('second', 'already so', 7);
  expect(ends.map(({ ms, ...rest }) => ({ ...rest, isLong: ms > 50 }))).toEqual([
    { step: 'first', outcome: 'done', bytes: 0, isLong: true },
    { step: 'second', outcome: 'already so', bytes: 7, isLong: false },
  ]);
});

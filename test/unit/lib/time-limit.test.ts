import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { timeLimit } from '../../../lib/time-limit.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('aborts after its time, also when garbage is collected meanwhile', async () => {
  const signal = new AbortController().signal;
  const aborted = new Promise<string>((resolve) => {
    const limit = timeLimit(200, signal);
    limit.addEventListener('abort', () => resolve((limit.reason as Error).name));
  });
  for (let round = 0; round < 5; round += 1) {
    collectGarbage();
    await pause(10);
  }
  expect(await aborted).toBe('TimeoutError');
});

test('aborts with the signal that it follows, also when that is over already', () => {
  const controller = new AbortController();
  const limit = timeLimit(60_000, controller.signal);
  expect(limit.aborted).toBe(false);
  controller.abort(new Error('Ctrl-C'));
  expect(limit.reason).toEqual(new Error('Ctrl-C'));
  expect(timeLimit(60_000, controller.signal).reason).toEqual(new Error('Ctrl-C'));
});

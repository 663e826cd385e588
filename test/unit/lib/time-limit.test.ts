import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { beforeAbort, timeLimit } from '../../../lib/time-limit.js';

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

test('work that is late gives way to the reason of the abort; work in time gives its result', async () => {
  const controller = new AbortController();
  const late = beforeAbort(controller.signal, new Promise(() => {}));
  controller.abort(new Error('too late'));
  await expect(late).rejects.toThrow('too late');
  expect(await beforeAbort(new AbortController().signal, Promise.resolve(1))).toBe(1);
});

test('one signal may end many requests at once, without a warning of Node.js', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const { signal } = new AbortController();
  const limits = Array.from({ length: 30 }, () => timeLimit(60_000, signal));
  const waits = limits.map(() => beforeAbort(signal, pause(1)));
  await Promise.all(waits);
  await pause(10);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

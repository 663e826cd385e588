import { expect, test } from 'vitest';
import type { WakerContainer } from '../../../../cluster/functions/waker-protocol.js';
import { Watch } from '../../../../programs/activator/watch.js';
import { HandClock } from '../hand-clock.js';

function begin() {
  const clock = new HandClock();
  const asked: number[] = [];
  const lines: string[] = [];
  const waker = {
    failure: undefined as string | undefined,
    act: async () => {},
    async list(): Promise<readonly WakerContainer[]> {
      asked.push(clock.now());
      if (waker.failure !== undefined) throw new Error(waker.failure);
      return [];
    },
  };
  const watch = new Watch(
    waker,
    clock,
    (line) => lines.push(line),
    () => {},
  );
  return { clock, asked, lines, waker, watch };
}

test('asks every 5 s; sooner when something has changed, and not too often', async () => {
  const { clock, asked, watch } = begin();
  watch.look();
  await clock.pass(10_000);
  expect(asked).toEqual([0, 5_000, 10_000]);
  for (let time = 0; time < 10; time++) watch.look();
  await clock.pass(100);
  watch.look();
  await clock.pass(100);
  expect(asked.slice(3)).toEqual([10_200]);
  watch.stop();
  watch.look();
  await clock.pass(60_000);
  expect(asked).toHaveLength(4);
});

test('tells why there is no list, and when there is one again', async () => {
  const { clock, lines, waker, watch } = begin();
  waker.failure = 'the engine is gone';
  watch.look();
  await clock.pass(0);
  expect(watch.problem).toBe('the engine is gone');
  waker.failure = undefined;
  await clock.pass(1_000);
  expect(watch.problem).toBeUndefined();
  expect(lines).toEqual([
    'containers cannot be woken: the engine is gone',
    'containers can be woken',
  ]);
});

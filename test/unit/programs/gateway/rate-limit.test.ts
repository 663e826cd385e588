import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Turn } from '../../../../programs/gateway/rate-lane.js';
import { RateLimit } from '../../../../programs/gateway/rate-limit.js';
import { HandClock } from '../hand-clock.js';

const SEED_TEXT = { requests: 10, perMs: 10_000, queue: 25 };
const never = new AbortController().signal;
setMaxListeners(0, never);

let clock: HandClock;
let limit: RateLimit;

beforeEach(() => {
  clock = new HandClock();
  limit = new RateLimit(SEED_TEXT, clock);
});

/** Sends `count` requests at once; what has been answered so far, in the order of the answers. */
function burst(count: number, key = 'demo/dev') {
  const answered: { request: number; turn: Turn; at: number }[] = [];
  for (let request = 0; request < count; request++) {
    limit.take(key, never).then((turn) => answered.push({ request, turn, at: clock.now() }));
  }
  return answered;
}

const admitted = (delayedMs: number): Turn => ({ outcome: 'admitted', delayedMs });

describe('10 requests per 10 s, 25 in the queue', () => {
  test('a steady 1 request/s is never delayed', async () => {
    for (let second = 0; second < 200; second++) {
      expect(await limit.take('demo/dev', never)).toEqual(admitted(0));
      await clock.pass(1_000);
    }
  });

  test('a burst of 36: 10 at once, 25 in order, one a second, 1 refused', async () => {
    const answered = burst(36);
    await clock.pass(0);
    expect(answered.filter(({ turn }) => turn.outcome === 'admitted').length).toBe(10);
    expect(answered[10]).toEqual({
      request: 35,
      turn: { outcome: 'refused', retryAfterMs: 1_000 },
      at: 0,
    });
    await clock.pass(30_000);
    const queued = answered.slice(11);
    expect(queued).toEqual(
      Array.from({ length: 25 }, (_, index) => ({
        request: 10 + index,
        turn: admitted((index + 1) * 1_000),
        at: (index + 1) * 1_000,
      })),
    );
    expect([limit.waiting, clock.timers]).toEqual([0, 0]);
  });

  test('the time to the next place in the queue is told as it is', async () => {
    burst(35);
    await clock.pass(750);
    expect(await limit.take('demo/dev', never)).toEqual({ outcome: 'refused', retryAfterMs: 250 });
  });

  test('after idling the budget is full again, and no fuller', async () => {
    burst(10);
    await clock.pass(60_000);
    const answered = burst(11);
    await clock.pass(0);
    expect(answered.map(({ turn }) => turn)).toEqual(Array(10).fill(admitted(0)));
  });

  test('half of the pause gives half of the budget', async () => {
    burst(10);
    await clock.pass(5_000);
    const answered = burst(10);
    await clock.pass(0);
    expect(answered.length).toBe(5);
  });

  test('two services do not disturb each other', async () => {
    burst(36, 'demo/dev');
    await clock.pass(0);
    expect(await limit.take('demo/prod', never)).toEqual(admitted(0));
    expect(await limit.take('other/dev', never)).toEqual(admitted(0));
  });

  test('nobody overtakes the line when a token comes', async () => {
    const answered = burst(12);
    await clock.pass(1_500);
    limit.take('demo/dev', never).then((turn) => answered.push({ request: 99, turn, at: 0 }));
    await clock.pass(2_000);
    expect(answered.slice(10).map(({ request }) => request)).toEqual([10, 11, 99]);
  });
});

describe('clients that go away', () => {
  test('free their place, and those behind move up', async () => {
    burst(10);
    const controllers = Array.from({ length: 25 }, () => new AbortController());
    const turns: (Turn | undefined)[] = [];
    controllers.forEach(({ signal }, index) => {
      limit.take('demo/dev', signal).then((turn) => {
        turns[index] = turn;
      });
    });
    await clock.pass(0);
    for (const controller of controllers.slice(0, 3)) controller.abort();
    await clock.pass(0);
    expect([turns[0], limit.waiting]).toEqual([{ outcome: 'gone' }, 22]);
    const late = limit.take('demo/dev', never);
    await clock.pass(1_000);
    expect(turns[3]).toEqual(admitted(1_000));
    await clock.pass(22_000);
    expect(await late).toEqual(admitted(23_000));
  });

  test('are not counted when they were gone before', async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await limit.take('demo/dev', controller.signal)).toEqual({ outcome: 'gone' });
    expect(burst(10).length + limit.waiting).toBe(0);
  });

  test('leave no timer when they were the last', async () => {
    const controller = new AbortController();
    burst(10);
    const turn = limit.take('demo/dev', controller.signal);
    controller.abort();
    expect([await turn, clock.timers]).toEqual([{ outcome: 'gone' }, 0]);
  });
});

test('who waits is sent away when the gateway stops', async () => {
  const answered = burst(12);
  limit.stop();
  await clock.pass(0);
  expect(answered.slice(10).map(({ turn }) => turn)).toEqual(
    Array(2).fill({ outcome: 'stopping' }),
  );
});

test('services that rest are forgotten', async () => {
  for (let index = 0; index < 500; index++) await limit.take(`service-${index}/dev`, never);
  await clock.pass(20_000);
  await limit.take('demo/dev', never);
  expect(limit.size).toBe(1);
});

test('however requests come, no window lets more through than burst and average allow', async () => {
  const gaps = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 80 });
  const props = fc.record({
    requests: fc.integer({ min: 1, max: 12 }),
    perMs: fc.integer({ min: 1_000, max: 20_000 }),
    queue: fc.nat({ max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(gaps, props, async (pauses, given) => {
      const hand = new HandClock();
      const checked = new RateLimit(given, hand);
      const passed: { request: number; at: number }[] = [];
      let settled = 0;
      for (const [request, pause] of pauses.entries()) {
        await hand.pass(pause);
        checked.take('demo/dev', never).then((turn) => {
          settled++;
          if (turn.outcome === 'admitted') passed.push({ request, at: hand.now() });
        });
        expect(checked.waiting).toBeLessThanOrEqual(given.queue);
      }
      await hand.pass((given.queue + 2) * given.perMs);
      expect(settled).toBe(pauses.length);
      expect(passed.map(({ request }) => request)).toEqual(
        passed.map(({ request }) => request).sort((a, b) => a - b),
      );
      for (const [index, first] of passed.entries()) {
        for (const [count, last] of passed.slice(index).entries()) {
          const allowed = given.requests + ((last.at - first.at) * given.requests) / given.perMs;
          expect(count + 1).toBeLessThanOrEqual(allowed + 1e-6);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a million made-up services are forgotten when they rest', async () => {
  for (let round = 0; round < 5; round++) {
    for (let index = 0; index < 2_000; index++) limit.take(`made-up-${round}-${index}/dev`, never);
    expect(limit.size).toBeLessThanOrEqual(4_000);
    await clock.pass(10_000);
  }
  limit.take('demo/dev', never);
  expect(limit.size).toBe(1);
});

test('who comes when all are sent away is sent away too', async () => {
  limit.stop();
  expect(await limit.take('demo/dev', never)).toEqual({ outcome: 'stopping' });
});

import { expect, test } from 'vitest';
import { TestFunctions } from './test-functions.js';

const count = (list: readonly number[]) =>
  Object.fromEntries([...new Set(list)].map((n) => [n, list.filter((each) => each === n).length]));

test('a spike wakes all instances; requests beyond those and the queue are refused with 429', async () => {
  const functions = await new TestFunctions().start();
  const names = await functions.create('spike', { count: 3 });
  await functions.apply('spike', names, { concurrency: 2, queue: 4 });
  const asked = Array.from({ length: 20 }, () => functions.ask('spike', '/hold?ms=2500'));
  const answers = await Promise.all(asked);
  // Three instances with two places each, and four that wait.
  expect(count(answers.map(({ status }) => status))).toEqual({ 200: 10, 429: 10 });
  const served = answers.filter(({ status }) => status === 200).map(({ text }) => JSON.parse(text));
  expect(new Set(served.map(({ boot }) => boot)).size).toBe(3);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers['retry-after']).toBe('1');
  expect(JSON.parse(refused?.text ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'THROTTLED' } }],
  });
  expect((await functions.report('spike')).counts).toMatchObject({ served: 10, refused: 10 });

  // Few requests use the first instance only; the others sleep.
  await functions.apply('spike', names, { concurrency: 2, queue: 4, idleMs: 200 });
  await functions.untilStates('spike', 'frozen', 'frozen', 'frozen');
  expect((await functions.ask('spike')).status).toBe(200);
  await functions.apply('spike', names, { concurrency: 2, queue: 4, idleMs: 200, stopMs: 400 });
  await functions.untilStates('spike', 'stopped', 'stopped', 'stopped');
});

test('a request that waits too long is refused', async () => {
  const functions = await new TestFunctions().start();
  const names = await functions.create('narrow');
  await functions.apply('narrow', names);
  expect((await functions.ask('narrow')).status).toBe(200);
  await functions.apply('narrow', names, { concurrency: 1, waitMs: 300 });
  const first = functions.ask('narrow', '/hold?ms=3000');
  await functions.until('narrow', ({ inflight }) => inflight === 1);
  expect((await functions.ask('narrow')).status).toBe(429);
  expect((await first).status).toBe(200);
});

test('bodies stream both ways; headers of the hop stay behind; WebSockets are joined', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('echo', await functions.create('echo'));
  const body = Buffer.alloc(5_000_000, 'abc');
  const echoed = await functions.ask('echo', '/echo', { method: 'POST', body });
  expect([echoed.status, echoed.text.length]).toEqual([200, 5_000_000]);
  const headers = {
    'x-own': '1',
    connection: 'x-hop',
    'x-hop': '2',
    'x-forwarded-for': '192.0.2.1',
  };
  const raw: string[] = JSON.parse((await functions.ask('echo', '/headers', { headers })).text);
  const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names.filter((name) => name.startsWith('x-'))).toEqual(['x-own', 'x-forwarded-for']);
  expect(await functions.webSocket('echo', 'ping')).toBe('ping');
  expect((await functions.ask('nobody')).status).toBe(404);
});

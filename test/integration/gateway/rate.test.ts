import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLine } from './line-of-requests.js';
import { type OriginServer, startOrigin } from './origin-server.js';
import { gatewayForTest, startTestGateway, type TestGateway, untilQueued } from './test-gateway.js';

let origin: OriginServer;
let gateway: TestGateway;
let arrived: string[];

beforeEach(async () => {
  arrived = [];
  origin = await startOrigin(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    arrived.push(body);
    response.end('{"data":{}}');
  });
  // So slow that no turn comes while a test sends, also on a machine that does much else.
  gateway = await startTestGateway(origin.url, {
    rate: { requests: 10, perSeconds: 25, queue: 25 },
  });
});

afterEach(async () => {
  await gateway.stop();
  await origin.close();
});

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

test('a burst of 36: 10 at once, 25 in order, 1 refused as a GraphQL client reads it', async () => {
  // Here the numbers of the seed text themselves: nothing may come back while the burst is sent.
  const exact = await gatewayForTest(origin.url, { rate: {} });
  await Promise.all(await (await openLine(exact.port, 8)).send('/other/dev'));
  arrived.length = 0;
  const line = await openLine(exact.port, 36);
  const answers = await Promise.all(await line.send('/demo/dev'));
  const refused = answers.pop();
  expect(refused).toMatchObject({ status: 429, throttledMs: 0, retryAfter: '1' });
  expect(JSON.parse(refused?.body ?? '')).toEqual({
    data: null,
    errors: [
      {
        message:
          'Too many requests: this service may make 10 in 10 s on average, and 25 are waiting already.',
        extensions: { code: 'THROTTLED' },
      },
    ],
  });
  expect(answers.map(({ status }) => status)).toEqual(Array(35).fill(200));
  const delays = answers.map(({ throttledMs }) => throttledMs);
  expect(delays.slice(0, 11).map((ms) => ms > 0)).toEqual([...Array(10).fill(false), true]);
  expect(delays).toEqual(sorted(delays));
  expect(delays.at(-1)).toBeGreaterThan(24_000);
  // Told is what was waited: a request takes that long, and not much longer.
  for (const { throttledMs, tookMs } of answers) expect(tookMs).toBeGreaterThan(throttledMs - 5);
  expect(arrived.slice(10).map(Number)).toEqual(sorted(arrived.slice(10).map(Number)));
});

test('other services, pages and the management API do not wait', async () => {
  const line = await openLine(gateway.port, 12);
  const answers = await line.send('/demo/dev');
  await untilQueued(gateway, 2);
  const delayOf = async (path: string, init?: RequestInit) =>
    (await fetch(`${gateway.url}${path}`, init)).headers.get('throttled-by');
  expect([
    await delayOf('/demo/prod', { method: 'POST' }),
    await delayOf('/demo/dev'),
    await delayOf('/management', {
      method: 'POST',
      body: '{"query":"{ serverInfo { version } }"}',
    }),
  ]).toEqual(['0', '0', '0']);
  const delays = (await Promise.all(answers)).map(({ throttledMs }) => throttledMs);
  expect(delays.filter((ms) => ms > 0)).toHaveLength(2);
});

test('clients that go away while they wait never reach the server, and free their places', async () => {
  const first = await openLine(gateway.port, 10);
  await Promise.all(await first.send('/demo/dev'));
  const line = await openLine(gateway.port, 25);
  await line.send('/demo/dev', () => 'gone');
  await untilQueued(gateway, 25);
  line.close();
  await untilQueued(gateway, 0);
  const late = await openLine(gateway.port, 1);
  const [answer] = await Promise.all(await late.send('/demo/dev'));
  expect(answer?.status).toBe(200);
  expect(arrived.filter((body) => body === 'gone').length).toBeLessThan(10);
});

test('who waits when the gateway stops is told to come again', async () => {
  const line = await openLine(gateway.port, 30);
  const answers = await line.send('/demo/dev');
  await untilQueued(gateway, 20);
  await gateway.stop();
  const stopped = (await Promise.all(answers)).filter(({ status }) => status === 503);
  expect(stopped.length).toBeGreaterThan(10);
  expect(stopped[0]).toMatchObject({ retryAfter: '1', throttledMs: 0 });
  expect(arrived).toHaveLength(30 - stopped.length);
});

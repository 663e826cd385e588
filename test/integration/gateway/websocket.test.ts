import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type OriginServer, startOrigin } from './origin-server.js';
import { openRaw, readAnswer } from './raw-connection.js';
import { startTestGateway, type TestGateway, untilQueued } from './test-gateway.js';

let origin: OriginServer;
let gateway: TestGateway;
let asked: { url: string; protocol: string; forwarded: string }[];

beforeEach(async () => {
  asked = [];
  origin = await startOrigin((_, response) => response.end());
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => 'graphql-subscriptions',
  });
  origin.http.on('upgrade', (request, socket, head) => {
    asked.push({
      url: request.url ?? '',
      protocol: String(request.headers['sec-websocket-protocol']),
      forwarded: String(request.headers['x-forwarded-for']),
    });
    if (request.url === '/demo/refused') {
      socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 3\r\nX-Why: so\r\n\r\nno!');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
    });
  });
  gateway = await startTestGateway(origin.url, {
    // A turn every two seconds: slower than a test opens what it opens at once.
    rate: { requests: 2, perSeconds: 4, queue: 1 },
    limits: { webSockets: 4 },
  });
});

afterEach(async () => {
  await gateway.stop();
  await origin.close();
});

const open = (path: string) =>
  new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, 'graphql-subscriptions');

/** `open`, or status and body of the answer. */
async function outcome(path: string): Promise<{ result: string; delay: number; close(): void }> {
  const socket = open(path);
  socket.on('error', () => {});
  const close = () => socket.terminate();
  let delay = Number.NaN;
  socket.on('upgrade', (answer) => {
    delay = Number(answer.headers['throttled-by']);
  });
  return new Promise((resolve) => {
    socket.on('open', () => resolve({ result: `open ${socket.protocol}`, delay, close }));
    socket.on('unexpected-response', async (_, answer) => {
      let body = '';
      for await (const chunk of answer) body += chunk;
      const { errors } = body.startsWith('{') ? JSON.parse(body) : {};
      const told = errors?.[0].extensions.code ?? body;
      delay = Number(answer.headers['throttled-by']);
      resolve({ result: `${answer.statusCode} ${told}`, delay, close });
    });
  });
}

test('messages of any size come back as they went', async () => {
  const socket = open('/demo/dev?x=1');
  await once(socket, 'open');
  for (const message of ['{"type":"init"}', randomBytes(5 << 20).toString('hex')]) {
    socket.send(message);
    const [data] = await once(socket, 'message');
    expect(String(data) === message).toBe(true);
  }
  socket.close(1000);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1000);
  expect(asked).toEqual([
    {
      url: '/demo/dev?x=1',
      protocol: 'graphql-subscriptions',
      forwarded: expect.stringContaining('127.0.0.1'),
    },
  ]);
});

test('the answer of a server that refuses goes back', async () => {
  expect((await outcome('/demo/refused')).result).toBe('501 no!');
});

test('upgrades take turns as requests do', async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => outcome('/demo/dev')));
  expect(all.map(({ result }) => result)).toEqual([
    ...['open graphql-subscriptions', 'open graphql-subscriptions'],
    ...['open graphql-subscriptions', '429 THROTTLED'],
  ]);
  expect(all.map(({ delay }) => delay > 300)).toEqual([false, false, true, false]);
  for (const { close } of all) close();
});

test('there are no more than the limit allows, and places are free again', async () => {
  const all = [];
  for (let index = 0; index < 5; index++) all.push(await outcome(`/service${index}/dev`));
  expect(all.at(-1)?.result).toBe('503 TOO_MANY_WEBSOCKETS');
  for (const { close } of all) close();
  let services = 5;
  await expect
    .poll(async () => (await outcome(`/service${services++}/dev`)).result, { timeout: 60_000 })
    .toMatch(/^open/);
});

test('only services have them', async () => {
  expect((await outcome('/management')).result).toBe('404 NOT_PASSED_ON');
  expect((await outcome('/demo/%2fdev')).result).toBe('400 NOT_PASSED_ON');
  expect(asked).toEqual([]);
});

test('a server that is not there', async () => {
  await origin.close();
  expect((await outcome('/demo/dev')).result).toBe('502 SERVER_UNREACHABLE');
});

test('when the gateway stops, clients are told to come again', async () => {
  const socket = open('/demo/dev');
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await gateway.stop();
  expect((await closed)[0]).toBe(1001);
  expect(gateway.access().map(({ status }) => status)).toEqual([101]);
});

const HANDSHAKE = [
  ...['GET /demo/dev HTTP/1.1', 'host: x', 'connection: upgrade', 'upgrade: websocket'],
  ...['sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==', 'sec-websocket-version: 13', '', ''],
].join('\r\n');

/** Takes the turns that there are, so that the next upgrade has to wait. */
async function nextWaits() {
  const first = await Promise.all([1, 2].map(() => outcome('/demo/dev')));
  const waiting = await openRaw(gateway.port);
  waiting.write(HANDSHAKE);
  await untilQueued(gateway, 1);
  return { first, waiting };
}

test('who leaves while waiting frees the place, and never reaches the server', async () => {
  const { first, waiting } = await nextWaits();
  waiting.end();
  await once(waiting, 'close');
  const { result, delay, close } = await outcome('/demo/dev');
  expect(result).toMatch(/^open/);
  expect(delay).toBeGreaterThan(100);
  expect(asked).toHaveLength(3);
  for (const one of [...first, { close }]) one.close();
});

test('what came before the turn is passed on with it', async () => {
  const { first, waiting } = await nextWaits();
  // A masked text frame with `hi`: a client may be that eager.
  waiting.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
  let answer = Buffer.alloc(0);
  while (!answer.includes('hi')) answer = Buffer.concat([answer, (await once(waiting, 'data'))[0]]);
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
  expect(answer.toString('latin1')).toMatch(/\r\nthrottled-by: \d+\r\n/);
  waiting.destroy();
  for (const { close } of first) close();
});

test('who waits when the gateway stops reads that, and no frame of a WebSocket', async () => {
  const { waiting } = await nextWaits();
  const stopped = gateway.stop();
  let answer = '';
  for await (const chunk of waiting) answer += chunk;
  expect(readAnswer(answer)).toEqual(['503', '0', 'STOPPING']);
  await stopped;
  expect(gateway.access().map(({ status }) => status)).toEqual([101, 101, 503]);
});

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type OriginServer, startOrigin } from './origin-server.js';
import { startTestGateway, type TestGateway } from './test-gateway.js';

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
    rate: { requests: 2, perSeconds: 1, queue: 1 },
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
  await sleep(200);
  expect((await outcome('/demo/dev')).result).toMatch(/^open/);
});

test('only services have them', async () => {
  expect((await outcome('/management')).result).toBe('404 NOT_PASSED_ON');
  expect((await outcome('//demo')).result).toBe('400 NOT_PASSED_ON');
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

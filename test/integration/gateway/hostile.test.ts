import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OriginServer, startOrigin } from './origin-server.js';
import { exchangeRaw, openRaw, readAnswer } from './raw-connection.js';
import { startTestGateway, type TestGateway } from './test-gateway.js';

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let origin: OriginServer;
let gateway: TestGateway;
let seen: Seen[];

beforeEach(async () => {
  seen = [];
  origin = await startOrigin(async (request, response) => {
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      return;
    }
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    if (request.url === '/slow/dev') await sleep(400);
    if (request.url === '/half/dev') {
      response.writeHead(200, { 'content-length': '10' }).flushHeaders();
      setTimeout(() => request.socket.destroy(), 100);
      return;
    }
    response.end(`answer to ${body}`);
  });
  gateway = await startTestGateway(origin.url);
});
afterEach(async () => {
  await gateway.stop();
  await origin.close();
});

const HEAD = 'POST /demo/dev HTTP/1.1\r\nhost: x\r\n';
const LAST = 'connection: close\r\n';
const linesSeen = () => seen.map(({ line }) => line);

test('every answer tells the delay, those to what cannot be read too, and all are logged', async () => {
  const answers = [
    'nonsense\r\n\r\n',
    `${HEAD}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}x: ${'a'.repeat(20_000)}\r\n\r\n`,
    `${HEAD}expect: the unexpected\r\n${LAST}content-length: 0\r\n\r\n`,
    `POST /demo/dev HTTP/1.1\r\n${LAST}content-length: 0\r\n\r\n`,
    `${HEAD}Host: other\r\n${LAST}content-length: 0\r\n\r\n`,
    `TRACE / HTTP/1.1\r\nhost: x\r\n${LAST}\r\n`,
    `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n`,
  ];
  const read = [];
  for (const text of answers) read.push(readAnswer(await exchangeRaw(gateway.port, text)));
  expect(read).toEqual([
    ['400', '0', 'BAD_REQUEST'],
    ['400', '0', 'BAD_REQUEST'],
    ['431', '0', 'BAD_REQUEST'],
    ['417', '0', 'BAD_REQUEST'],
    ['400', '0', 'BAD_REQUEST'],
    ['400', '0', 'BAD_REQUEST'],
    ['405', '0', 'NOT_PASSED_ON'],
    ['400', '0', 'BAD_REQUEST'],
  ]);
  expect(seen).toEqual([]);
  await gateway.stop();
  const statuses = gateway.access().map(({ status }) => status);
  expect(statuses.slice(0, 7)).toEqual([400, 400, 431, 417, 400, 400, 405]);
});

test('what stands behind a body is no request of its own for the server', async () => {
  const smuggled = 'POST /management HTTP/1.1\r\nhost: x\r\n\r\n';
  const plain = `${HEAD}${LAST}content-length: ${smuggled.length}\r\n\r\n${smuggled}`;
  const size = smuggled.length.toString(16);
  const chunked = `${HEAD}${LAST}transfer-encoding: chunked\r\n\r\n${size};x=y\r\n${smuggled}\r\n0\r\nx-trailer: 1\r\nhost: evil\r\n\r\n`;
  const get = `GET /demo/dev HTTP/1.1\r\nhost: x\r\n${LAST}content-length: ${smuggled.length}\r\n\r\n${smuggled}`;
  for (const text of [plain, chunked, get]) {
    expect((await exchangeRaw(gateway.port, text)).slice(9, 12)).toBe('200');
  }
  expect(linesSeen()).toEqual(['POST /demo/dev', 'POST /demo/dev', 'GET /demo/dev']);
  expect(seen.map(({ body }) => body)).toEqual([smuggled, smuggled, smuggled]);
  expect(seen[1]?.headers['x-trailer']).toBeUndefined();
  expect(seen[1]?.headers.host).toBe('x');
});

test('thousands of headers hide neither the length of a body nor who may read what', async () => {
  const many = 'a:\r\n'.repeat(3_000);
  const text = `POST /demo/dev HTTP/1.1\r\n${many}host: x\r\n${LAST}content-length: 4\r\n\r\nbody`;
  expect((await exchangeRaw(gateway.port, text)).slice(9, 12)).toBe('200');
  expect(seen[0]?.body).toBe('body');
});

test('HTTP/1.0, HEAD, and a body that waits to be asked for', async () => {
  const old = await exchangeRaw(
    gateway.port,
    'POST /demo/dev HTTP/1.0\r\ncontent-length: 3\r\n\r\nold',
  );
  expect(old).toMatch(/^HTTP\/1\.1 200 /);
  expect(old).not.toMatch(/transfer-encoding/i);
  expect(old.endsWith('\r\n\r\nanswer to old')).toBe(true);
  const head = await exchangeRaw(gateway.port, `HEAD /demo/dev HTTP/1.1\r\nhost: x\r\n${LAST}\r\n`);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head.split('\r\n\r\n')[1]).toBe('');
  const socket = await openRaw(gateway.port);
  socket.write(`${HEAD}${LAST}expect: 100-continue\r\ncontent-length: 5\r\n\r\n`);
  const [asked] = await once(socket, 'data');
  expect(String(asked)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write('later');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  expect(String(answer).endsWith('answer to later')).toBe(true);
  expect(seen.at(-1)?.headers.expect).toBeUndefined();
});

test('requests one behind the other are answered in order; too many of them end the connection', async () => {
  const request = (path: string, body: string, more = '') =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
  const three =
    request('/slow/dev', 'a') + request('/demo/dev', 'b') + request('/x/dev', 'c', LAST);
  const answer = await exchangeRaw(gateway.port, three);
  expect(answer.match(/answer to ./g)).toEqual(['answer to a', 'answer to b', 'answer to c']);
  seen = [];
  const flood = request('/slow/dev', 'x').repeat(1_000);
  expect(await exchangeRaw(gateway.port, flood)).toBe('');
  await sleep(100);
  expect(seen.length).toBeLessThanOrEqual(10);
});

test('a server that dies amid a small answer is told, not passed on in part', async () => {
  const text = `POST /half/dev HTTP/1.1\r\nhost: x\r\n${LAST}content-length: 0\r\n\r\n`;
  expect(readAnswer(await exchangeRaw(gateway.port, text))).toEqual([
    '502',
    '0',
    'SERVER_UNREACHABLE',
  ]);
});

test('a slow sender of a small body holds no connection to the server', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => openRaw(gateway.port)));
  for (const socket of sockets) socket.write(`${HEAD}content-length: 100\r\n\r\nhalf`);
  await sleep(100);
  expect(origin.connections()).toBe(0);
  const text = `${HEAD}${LAST}content-length: 1\r\n\r\nx`;
  expect((await exchangeRaw(gateway.port, text)).slice(9, 12)).toBe('200');
  for (const socket of sockets) socket.destroy();
  await sleep(50);
  expect(linesSeen()).toEqual(['POST /demo/dev']);
});

test('an offer of HTTP/2 is an ordinary request, with its body and those behind it', async () => {
  const offer =
    'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n';
  const first = `${HEAD}${offer}content-length: 5\r\n\r\nfirst`;
  const second = `${HEAD}${LAST}content-length: 6\r\n\r\nsecond`;
  const answer = await exchangeRaw(gateway.port, first + second);
  expect(answer.match(/answer to (first|second)/g)).toEqual([
    'answer to first',
    'answer to second',
  ]);
  expect(seen.map(({ headers }) => [headers.upgrade, headers['http2-settings']])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
  const socket = await openRaw(gateway.port);
  socket.write(`${HEAD}${offer}content-length: 5\r\n\r\nsl`);
  await sleep(50);
  socket.write('ow');
  await sleep(50);
  socket.write('!');
  const [late] = await once(socket, 'data');
  expect(String(late)).toMatch(/answer to slow!$/);
  // Java's client offers it with every request.
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  for (let count = 0; count < 30; count++) {
    socket.write(`${HEAD}${offer}content-length: 2\r\n\r\n${count + 10}`);
    const [one] = await once(socket, 'data');
    expect(String(one).endsWith(`answer to ${count + 10}`)).toBe(true);
  }
  socket.destroy();
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('an upgrade cannot carry a body, nor overtake an answer', async () => {
  const upgrade = 'connection: upgrade\r\nupgrade: websocket\r\n';
  const body = await exchangeRaw(gateway.port, `${HEAD}${upgrade}content-length: 3\r\n\r\nabc`);
  expect(readAnswer(body)).toEqual(['400', '0', 'NOT_PASSED_ON']);
  const behind = `POST /slow/dev HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`;
  const answer = await exchangeRaw(
    gateway.port,
    `${behind}GET /demo/dev HTTP/1.1\r\nhost: x\r\n${upgrade}\r\n`,
  );
  expect(answer).toBe('');
});

test('names cannot forge lines of the log, and the query is left out', async () => {
  const path = '/a"b%0A{"status":200}';
  const first = `POST ${path}/dev?token=secret HTTP/1.1\r\nhost: x\r\n${LAST}content-length: 0\r\n\r\n`;
  expect((await exchangeRaw(gateway.port, first)).slice(9, 12)).toBe('400');
  await gateway.stop();
  expect(gateway.access()).toEqual([
    expect.objectContaining({ path: `${path}/dev`, status: 400, client: '127.0.0.1' }),
  ]);
});

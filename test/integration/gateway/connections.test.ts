import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startOrigin } from './origin-server.js';
import { gatewayForTest, type TestGateway } from './test-gateway.js';

const SHORT = { connections: 6, connectionsPerSource: 3, webSockets: 2 };

async function gatewayWith(limits: object): Promise<TestGateway> {
  const origin = await startOrigin((_, response) => response.end('ok'));
  onTestFinished(() => origin.close());
  return gatewayForTest(origin.url, { limits: { ...SHORT, ...limits } });
}

/** A connection from an address of loopback, and what it reads. */
async function open({ port }: TestGateway, localAddress: string) {
  const socket: Socket = connect({ port, host: '127.0.0.1', localAddress });
  onTestFinished(() => {
    socket.destroy();
  });
  const state = { socket, text: '', isClosed: false };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    state.text += chunk;
  });
  socket.on('close', () => {
    state.isClosed = true;
  });
  await once(socket, 'connect');
  return state;
}

test('one address has its limit, and is told; others are not touched', async () => {
  const gateway = await gatewayWith({});
  for (let count = 0; count < 3; count++) await open(gateway, '127.0.0.2');
  const refused = await open(gateway, '127.0.0.2');
  await expect.poll(() => refused.isClosed).toBe(true);
  expect(refused.text).toMatch(/^HTTP\/1\.1 503 .*your address has 3 open.*TOO_MANY_CONNECTIONS/s);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test('the longest idle one makes room, of who has most', async () => {
  const gateway = await gatewayWith({});
  const all: Awaited<ReturnType<typeof open>>[] = [];
  for (const address of ['127.0.0.2', '127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.3']) {
    all.push(await open(gateway, address));
  }
  const busy = await open(gateway, '127.0.0.4');
  busy.socket.write('POST /demo/dev HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n');
  // Young ones are not idle yet: their request may be on the way.
  await expect
    .poll(() => fetch(`${gateway.url}/healthz`).then(({ status }) => status), { timeout: 20_000 })
    .toBe(200);
  await expect.poll(() => all[0]?.isClosed).toBe(true);
  expect(all.slice(1).map(({ isClosed }) => isClosed)).toEqual([false, false, false, false]);
  expect(busy.isClosed).toBe(false);
});

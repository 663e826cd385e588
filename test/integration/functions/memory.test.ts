import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { TestFunctions } from './test-functions.js';

/** Opens connections that send a text and read what fits into one buffer; all end with the test. */
function crowd(address: string, count: number, text: string, body?: Buffer) {
  const sockets: Socket[] = [];
  let answered = 0;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let number = 0; number < count; number++) {
    const socket = connect(8000, address, () => {
      socket.write(text);
      if (body) socket.write(body);
    });
    socket.on('error', () => {});
    socket.once('data', () => {
      answered += 1;
      socket.pause();
    });
    sockets.push(socket);
  }
  return { answered: () => answered };
}

test('thousands of connections, slow readers and waiting bodies stay within the memory', async () => {
  const functions = await new TestFunctions().start();
  await functions.apply('large', await functions.create('large', { memoryMb: 512 }), {
    ...{ concurrency: 2_000, timeoutMs: 60_000 },
  });
  await functions.apply('busy', await functions.create('busy'), {
    ...{ concurrency: 1, queue: 2_000, timeoutMs: 60_000, waitMs: 60_000 },
  });
  await functions.apply('good', await functions.create('good'));
  expect((await functions.ask('good')).status).toBe(200);
  expect((await functions.ask('large')).status).toBe(200);
  expect((await functions.ask('busy')).status).toBe(200);
  const before = await functions.get('activator').inspect();
  const head = (app: string, line: string, more = '') =>
    `${line} HTTP/1.1\r\nHost: x\r\nx-clusterkit-function: ${app}\r\n${more}\r\n`;

  crowd(functions.address, 2_000, '');
  const large = crowd(functions.address, 800, head('large', 'GET /large?parts=200'));
  await functions.until('large', ({ inflight }) => inflight >= 300 && large.answered() >= 600);
  const body = Buffer.alloc(300_000, 'x');
  const post = head('busy', 'POST /never', `Content-Length: ${body.length}\r\n`);
  const busy = crowd(functions.address, 800, post, body);
  await functions.until('busy', ({ queue }) => queue >= 100 && queue + busy.answered() >= 600);

  // Its own share is free for another function.
  expect((await functions.ask('good')).status).toBe(200);
  const { State, RestartCount } = await functions.get('activator').inspect();
  expect(State).toMatchObject({ StartedAt: before.State.StartedAt, OOMKilled: false });
  expect(RestartCount).toBe(0);
});

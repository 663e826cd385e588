import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { awaitReady } from '../../../../programs/activator/await-ready.js';

const STAYS = new AbortController().signal;

/** A server that answers with one status after the other, then with the last one. */
async function serverOf(...statuses: number[]) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.statusCode = statuses.length > 1 ? (statuses.shift() ?? 500) : (statuses[0] ?? 500);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(async () => {
    await stop();
  });
  return { port, paths, stop };
}

test('without a path: as soon as the port accepts connections', async () => {
  const { port, paths } = await serverOf(500);
  await awaitReady({ host: '127.0.0.1', port }, STAYS, () => {});
  expect(paths).toEqual([]);
});

test('with a path: until it answers with less than 400', async () => {
  const { port, paths } = await serverOf(503, 404, 302);
  await awaitReady({ host: '127.0.0.1', port, health: '/ok' }, STAYS, () => {});
  expect(paths).toEqual(['/ok', '/ok', '/ok']);
});

test('who waits long looks after the container; an abort ends it', async () => {
  const { port, stop } = await serverOf(200);
  await stop();
  const aborting = new AbortController();
  let delays = 0;
  const waiting = awaitReady({ host: '127.0.0.1', port }, aborting.signal, () => {
    delays += 1;
    if (delays === 2) aborting.abort(new Error('it ended'));
  });
  await expect(waiting).rejects.toThrow();
  expect(delays).toBe(2);
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { applyEdge } from '../../../apps/edge/apply-edge.js';
import { askInstance } from '../../../apps/edge/ask-instance.js';
import { awaitDrained } from '../../../apps/edge/await-drained.js';
import type { EdgeInstance } from '../../../apps/edge/edge-route.js';
import { findEdges } from '../../../apps/edge/find-edges.js';
import { renderHaproxy } from '../../../apps/edge/render-haproxy.js';
import { FIXED_MB } from '../../../cluster/containers/memory-plan.js';
import { startLoad } from '../../support/edge-load.js';
import { engine } from '../../support/engine-traces.js';
import { freePort } from '../../support/free-port.js';
import { routeOf, TestEdge } from '../../support/test-edge.js';

/** An edge with a port on which the instances of a release answer. */
async function serving(releases: readonly string[], drainMs = 8000) {
  const port = await freePort();
  const edge = await TestEdge.create([port]);
  const instances = [];
  for (const release of releases) instances.push(await edge.instance(release));
  const swap = async (to: readonly EdgeInstance[], ports = [port]) =>
    applyEdge(engine, edge.cluster, renderHaproxy([routeOf(to, { ports, drainMs })]));
  for (const { name } of instances) {
    const path = { name, port: 3000, path: '/health' };
    await expect
      .poll(async () => (await askInstance(engine, edge.cluster, path)).status, { timeout: 30_000 })
      .toBe(200);
  }
  return { port, edge, instances, swap };
}

test('swaps under load, with a restart of what is away: no request is lost, each has one answer', async () => {
  const { port, edge, instances, swap } = await serving(['r1', 'r2']);
  const [one, two] = instances;
  if (one === undefined || two === undefined) throw new Error('no instances');
  await swap([one]);
  const load = startLoad(port);
  await sleep(1000);
  for (const next of [two, one, two]) {
    await swap([next]);
    expect(await awaitDrained(engine, edge.cluster, 20_000)).toBe(true);
    // As a deployment ends: what no longer serves stops, and comes back for the next round.
    const gone = next === one ? two : one;
    await gone.container.stop({ t: 10 });
    await gone.container.start();
    await sleep(1000);
  }
  const { answered, versions, lost } = await load.stop();
  expect(lost).toEqual([]);
  expect(answered).toBeGreaterThan(500);
  expect(Object.keys(versions).sort()).toEqual(['r1', 'r2']);
});

test('many swaps in a row, without waiting for the old workers: no request is lost', async () => {
  const { port, edge, instances, swap } = await serving(['r1', 'r2']);
  await swap(instances.slice(0, 1));
  const load = startLoad(port);
  for (let round = 0; round < 4; round++) {
    await sleep(700);
    await swap(instances.slice(round % 2, (round % 2) + 1));
  }
  const { lost, versions } = await load.stop();
  expect(lost).toEqual([]);
  expect(Object.keys(versions).sort()).toEqual(['r1', 'r2']);
  expect(await awaitDrained(engine, edge.cluster, 20_000)).toBe(true);
});

test('a killed instance takes no more requests along than it had', async () => {
  const { port, instances, swap } = await serving(['r1', 'r2']);
  await swap(instances);
  const load = startLoad(port);
  await sleep(2000);
  const open = load.open();
  await instances[0]?.container.kill();
  const killed = performance.now();
  await sleep(5000);
  const { lost, versions } = await load.stop();
  expect(lost.filter(({ started }) => started > killed)).toEqual([]);
  expect(lost.length).toBeLessThanOrEqual(open + 2);
  expect(versions.r2).toBeGreaterThan(100);
});

test('a further port under load: a second edge, and no request is lost', async () => {
  const { port, edge, instances, swap } = await serving(['r1']);
  await swap(instances);
  const load = startLoad(port);
  await sleep(500);
  const further = await freePort();
  expect(await edge.publish([port, further])).toEqual({
    [edge.objects.nameOf('edge')]: 'already so',
    [edge.objects.nameOf('edge-2')]: 'created',
  });
  await swap(instances, [port, further]);
  const second = startLoad(further);
  await sleep(1500);
  expect((await second.stop()).lost).toEqual([]);
  expect((await load.stop()).lost).toEqual([]);
});

test('a WebSocket goes on with the instance that it has, until the drain is over', async () => {
  const { port, edge, instances, swap } = await serving(['r1', 'r2'], 5000);
  await swap(instances.slice(0, 1));
  const socket = await open(port);
  const ended = once(socket, 'close');
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: any\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
  );
  expect(await next(socket)).toContain('101 Switching Protocols');
  await swap(instances.slice(1));
  for (const text of ['one', 'two']) {
    socket.write(text);
    expect(await next(socket)).toBe(text);
  }
  expect(await awaitDrained(engine, edge.cluster, 20_000)).toBe(true);
  await ended;
});

test('a streamed answer arrives piece by piece', async () => {
  const { port, instances, swap } = await serving(['r1']);
  await swap(instances);
  const socket = await open(port);
  socket.write('GET /?chunks=3&ms=1500 HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n');
  const pieces: string[] = [];
  socket.on('data', (chunk: Buffer) => pieces.push(chunk.toString()));
  await once(socket, 'close');
  const withPiece = pieces.filter((each) => each.includes('piece'));
  expect(withPiece).toHaveLength(3);
});

test('2,000 connections with incomplete requests take no other client along, nor the memory', async () => {
  const { port, edge, instances, swap } = await serving(['r1']);
  await swap(instances);
  const name = edge.objects.nameOf('edge');
  // Another address than this machine has at the edge.
  const ask = () => askInstance(engine, edge.cluster, { name, port, path: '/' }, 8000);
  expect(await ask()).toMatchObject({ status: 200 });
  const incomplete = [
    `GET / HTTP/1.1\r\nHost: any\r\nX-Long: ${'a'.repeat(8000)}`,
    `POST / HTTP/1.1\r\nHost: any\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(30_000)}`,
  ];
  let refused = 0;
  for (let count = 0; count < 2000; count++) {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.once('close', () => refused++);
    socket.once('connect', () => socket.write(incomplete[count % 2] ?? ''));
    if (count % 100 === 99) await sleep(50);
  }
  await expect.poll(() => refused).toBeGreaterThanOrEqual(1500);
  for (let round = 0; round < 5; round++) expect(await ask()).toMatchObject({ status: 200 });
  const [{ container } = { container: undefined }] = await findEdges(engine, edge.cluster);
  const { memory_stats } = (await container?.stats({ stream: false })) ?? {};
  expect(memory_stats?.usage).toBeLessThan(FIXED_MB.edge * 0.75 * 1024 * 1024);
  expect(await container?.inspect()).toMatchObject({
    RestartCount: 0,
    State: { Running: true, OOMKilled: false },
  });
});

/** Of the example in RFC 6455. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const next = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

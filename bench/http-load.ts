import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** The answer of the server behind; its end marks a complete answer. */
export const ANSWER = '{"data":{"users":[{"id":"ck000000000000000000001","name":"Ada"}]}}';
const BODY = JSON.stringify({ query: '{ users { id name } }' });
const REQUEST = [
  ...['POST /demo/dev HTTP/1.1', 'Host: bench.example.com', 'Content-Type: application/json'],
  ...[`Content-Length: ${BODY.length}`, '', BODY],
].join('\r\n');
const END = Buffer.from(ANSWER.slice(-8));

/** wrk's request: the same as in {@link latencies}. wrk's default has no body. */
export const WRK_SCRIPT = `wrk.method = 'POST'
wrk.headers['Content-Type'] = 'application/json'
wrk.body = '${BODY}'
`;

/**
 * Sends requests on `connections` connections without pause; returns answers per second. Uses wrk,
 * since a program of Node.js would be busier than what it measures. @param script file with {@link
 * WRK_SCRIPT}
 * @throws when a request failed, or wrk is not installed
 */
export async function throughput(
  port: number,
  {
    connections,
    seconds,
    script,
    host = '127.0.0.1',
  }: { connections: number; seconds: number; script: string; host?: string },
): Promise<number> {
  const url = `http://${host}:${port}/demo/dev`;
  const load = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s'];
  const { stdout } = await execa('wrk', [...load, '-s', script, url]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not all were answered:\n${stdout}`);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
}

/** Sends `perSecond` requests a second, without waiting for answers; their latencies in ms. */
export async function latencies(port: number, perSecond: number, ms: number): Promise<number[]> {
  const idle = await openAll(port, 32);
  const took: number[] = [];
  const running: Promise<void>[] = [];
  const started = performance.now();
  for (let count = 0; performance.now() - started < ms; ) {
    const due = ((performance.now() - started) / 1000) * perSecond;
    for (; count < due; count++) {
      const socket = idle.pop();
      // All connections are busy: a request that had to wait for one is as late as the slowest.
      if (socket === undefined) continue;
      const asked = performance.now();
      const answered = ask(socket).then(() => {
        took.push(performance.now() - asked);
        idle.push(socket);
      });
      running.push(answered);
    }
    await sleep(1);
  }
  await Promise.all(running);
  for (const socket of idle) socket.destroy();
  return took;
}

/** The value below which a share of the numbers lies. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function openAll(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) await ask(socket);
  return sockets;
}

function ask(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      if (!chunk.subarray(-END.length - 7).includes(END)) return;
      socket.off('data', onData).off('close', reject);
      resolve();
    };
    socket.on('data', onData).once('close', reject);
    socket.write(REQUEST);
  });
}

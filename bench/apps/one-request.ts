import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request on a connection of its own. @returns its status; rejects when there is no answer */
export function oneRequest(port: number, path = '/', signal?: AbortSignal): Promise<number> {
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, timeout: 90_000, signal });
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 90 s')));
    sent.once('error', reject);
    sent.end();
  });
}

/** One request, which must be answered with 200; its time in ms. */
export async function latencyOf(port: number, path?: string): Promise<number> {
  const startedAt = performance.now();
  const status = await oneRequest(port, path);
  const took = performance.now() - startedAt;
  if (status !== 200) throw new Error(`port ${port} answers with ${status}`);
  return took;
}

/** Asks again and again until the first answer with 200, for at most a minute. */
export async function untilFirstAnswer(port: number): Promise<void> {
  const end = performance.now() + 60_000;
  while ((await oneRequest(port).catch(() => 0)) !== 200) {
    if (performance.now() > end) throw new Error(`port ${port} does not answer within 60 s`);
    await sleep(5);
  }
}

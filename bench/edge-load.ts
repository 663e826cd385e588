import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const CLIENTS = { kept: 8, fresh: 4 };
const BODY = JSON.stringify({ query: '{ users { id name } }' });

/** What became of the requests of {@link startClients}. */
export interface LoadResult {
  /** `lost of all`, with the reasons. */
  readonly lost: string;
  /** Longest time in which none of the clients got an answer. */
  readonly longestGapMs: number;
  /** Time of the slowest answer. */
  readonly slowestMs: number;
}

/** Clients that send POST requests again and again, on kept and on fresh connections, each request once. */
export function startClients(host: string, port: number) {
  let [isOver, answered, longestGapMs, slowestMs] = [false, 0, 0, 0];
  let lastAnswerAt = performance.now();
  const lost = new Map<string, number>();
  const client = async (keepAlive: boolean) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!isOver) {
      const sentAt = performance.now();
      const why = await post(agent, host, port);
      if (why === undefined) {
        const now = performance.now();
        answered++;
        longestGapMs = Math.max(longestGapMs, now - lastAnswerAt);
        slowestMs = Math.max(slowestMs, now - sentAt);
        lastAnswerAt = now;
      } else lost.set(why, (lost.get(why) ?? 0) + 1);
      await sleep(10);
    }
    agent.destroy();
  };
  const clients = Object.entries(CLIENTS).flatMap(([way, count]) =>
    Array.from({ length: count }, () => client(way === 'kept')),
  );
  return {
    async stop(): Promise<LoadResult> {
      isOver = true;
      await Promise.all(clients);
      const count = [...lost.values()].reduce((sum, each) => sum + each, 0);
      const why = [...lost].map(([reason, times]) => `${times} ${reason}`).join(', ');
      const text = `${count} of ${answered + count}${count === 0 ? '' : ` (${why})`}`;
      return { lost: text, longestGapMs, slowestMs };
    },
  };
}

/** @returns why it is lost */
function post(agent: Agent, host: string, port: number): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'content-length': BODY.length };
  const options = { agent, host, port, path: '/demo/dev', method: 'POST', headers };
  return new Promise((resolve) => {
    const sent = request({ ...options, timeout: 15_000 }, (response) => {
      response.resume();
      response.once('end', () =>
        resolve(response.statusCode === 200 ? undefined : `${response.statusCode}`),
      );
      response.once('error', () => resolve('cut'));
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(BODY);
  });
}

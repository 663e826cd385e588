import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const CLIENTS = { kept: 8, fresh: 4 };
const BODY = JSON.stringify({ query: '{ users { id name } }' });

/** Clients that send POST requests again and again, on kept and on fresh connections, each request once. */
export function startClients(host: string, port: number) {
  let [isOver, answered] = [false, 0];
  const lost = new Map<string, number>();
  const client = async (keepAlive: boolean) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!isOver) {
      const why = await post(agent, host, port);
      if (why === undefined) answered++;
      else lost.set(why, (lost.get(why) ?? 0) + 1);
      await sleep(10);
    }
    agent.destroy();
  };
  const clients = Object.entries(CLIENTS).flatMap(([way, count]) =>
    Array.from({ length: count }, () => client(way === 'kept')),
  );
  return {
    /** @returns `lost of all`, with the reasons */
    async stop(): Promise<string> {
      isOver = true;
      await Promise.all(clients);
      const count = [...lost.values()].reduce((sum, each) => sum + each, 0);
      const why = [...lost].map(([reason, times]) => `${times} ${reason}`).join(', ');
      return `${count} of ${answered + count}${count === 0 ? '' : ` (${why})`}`;
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

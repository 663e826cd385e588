import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request of the load that had no good answer. */
export interface LostRequest {
  /** As `performance.now()`. */
  readonly started: number;
  readonly why: string;
}

/** What came of a load. */
export interface LoadResult {
  readonly answered: number;
  /** How many each release answered. */
  readonly versions: Readonly<Record<string, number>>;
  readonly lost: readonly LostRequest[];
}

const BODY = 'x'.repeat(100_000);

/** Ways in which clients ask: each has some that do so again and again. */
const WAYS = [
  { clients: 4, keep: true, path: '/', body: '' },
  { clients: 2, keep: false, path: '/', body: '' },
  { clients: 2, keep: true, path: '/', body: BODY },
  { clients: 1, keep: false, path: '/', body: BODY },
  { clients: 2, keep: true, path: '/?ms=700', body: '' },
  { clients: 1, keep: false, path: '/?ms=700', body: BODY },
];

/**
 * Asks a port in all {@link WAYS}, some hundred times a second, until `stop` is called. No request is repeated.
 */
export function startLoad(port: number, host = '127.0.0.1') {
  const versions: Record<string, number> = {};
  const lost: LostRequest[] = [];
  let [isOver, answered, open] = [false, 0, 0];
  const agents: Agent[] = [];
  const client = async ({ keep, path, body }: (typeof WAYS)[number]) => {
    const agent = new Agent({ keepAlive: keep, maxSockets: 1 });
    agents.push(agent);
    while (!isOver) {
      const started = performance.now();
      open++;
      try {
        const version = await ask({ agent, host, port, path, body });
        versions[version] = (versions[version] ?? 0) + 1;
        answered++;
      } catch (error) {
        lost.push({ started, why: `${path} ${body.length}: ${(error as Error).message}` });
      }
      open--;
      await sleep(15);
    }
  };
  const clients = WAYS.flatMap((way) => Array.from({ length: way.clients }, () => client(way)));
  return {
    /** Requests without an answer yet. */
    open: () => open,
    async stop(): Promise<LoadResult> {
      isOver = true;
      await Promise.all(clients);
      for (const agent of agents) agent.destroy();
      return { answered, versions, lost };
    },
  };
}

/** @returns the version that answered @throws Error when the answer is not that of an instance */
function ask({
  body,
  ...to
}: {
  agent: Agent;
  host: string;
  port: number;
  path: string;
  body: string;
}) {
  return new Promise<string>((resolve, reject) => {
    const method = body === '' ? 'GET' : 'POST';
    const headers = { 'content-length': body.length };
    const sent = request({ ...to, method, headers, timeout: 20_000 });
    sent.once('response', async (response) => {
      try {
        let text = '';
        for await (const chunk of response) text += chunk;
        if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
        const { version, bytes } = JSON.parse(text);
        if (bytes !== body.length) throw new Error(`${bytes} bytes arrived`);
        resolve(version);
      } catch (error) {
        reject(error);
      }
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 20 s')));
    sent.once('error', reject);
    sent.end(body);
  });
}

import { createServer, type Server } from 'node:http';
import { listen } from '../listen.js';
import { reasonOf } from '../log.js';
import { queryThroughRelay } from './query-through-relay.js';
import type { RelaySettings } from './relay-settings.js';

/**
 * Health check of the relay, for its own container only. On request the relay sends the database a query
 * through itself. The answer is 200, or 503 with the message of relay or database. Requests during a query
 * share its result.
 *
 * @param port on the loopback; 0 takes any free port
 * @throws when the port is taken
 */
export async function startHealthServer(settings: RelaySettings, port: number): Promise<Server> {
  let query: Promise<void> | undefined;
  const server = createServer(async (request, response) => {
    request.resume();
    query ??= queryThroughRelay(settings).finally(() => {
      query = undefined;
    });
    await query.then(
      () => response.end('ok\n'),
      (error) => response.writeHead(503).end(`${reasonOf(error)}\n`),
    );
  });
  await listen(server, { port, host: '127.0.0.1' });
  return server;
}

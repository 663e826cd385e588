import { createServer, type Server } from 'node:http';
import { reasonOf } from '../log.js';
import { ask } from './ask.js';
import type { RelaySettings } from './relay-settings.js';

/**
 * The relay's own health, for its container alone: a request makes the relay ask the database a real
 * query through itself. 200, or 503 with what relay or database say. Requests that come while it asks
 * share the answer.
 *
 * @param port on the loopback; 0 takes any free port
 * @throws when the port is taken
 */
export async function startHealthServer(settings: RelaySettings, port: number): Promise<Server> {
  let asking: Promise<void> | undefined;
  const server = createServer(async (request, response) => {
    request.resume();
    asking ??= ask(settings).finally(() => {
      asking = undefined;
    });
    await asking.then(
      () => response.end('ok\n'),
      (error) => response.writeHead(503).end(`${reasonOf(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

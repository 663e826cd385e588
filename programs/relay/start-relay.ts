import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { unreachableOf } from '../../clients/database/unreachable.js';
import { listen } from '../listen.js';
import { type Log, reasonOf } from '../log.js';
import { mysqlSessions } from './mysql-session.js';
import { postgresSessions } from './postgres-session.js';
import type { RelaySettings } from './relay-settings.js';
import { cutAfter, NotAdmitted, type Refusal, type Session } from './session.js';

/** Clients beyond the maximum that get the reason; further ones are cut without a word. */
const REFUSED_AT_ONCE = 32;

/** Two pipelines and their ends listen to one connection. */
const MAX_LISTENERS = 20;

/** Listens for clients of the database. The database may start later. @throws when the port is taken */
export async function startRelay(settings: RelaySettings, log: Log) {
  const { connector, host, port, ssl, listen: listenPort, listenHost } = settings;
  const begin = { postgres: postgresSessions, mysql: mysqlSessions }[connector](settings);
  const clients = new Set<Socket>();
  const server = createServer({
    ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, allowHalfOpen: true },
  });
  server.maxConnections = settings.connections + REFUSED_AT_ONCE;
  // A client that is gone still counts while its connection to the database closes.
  let sessions = 0;
  server.on('connection', async (client) => {
    // Pending reads and writes report the error.
    client.on('error', () => {});
    client.setMaxListeners(MAX_LISTENERS);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    const session = begin(client);
    if (sessions >= settings.connections) {
      const message = `the relay has ${sessions} clients, and accepts no more`;
      log(message);
      session.refuse({ kind: 'too-many', message });
      return;
    }
    sessions += 1;
    await serve(client, session, settings, log);
    sessions -= 1;
  });
  const bound = await listen(server, { port: listenPort, ...(listenHost && { host: listenHost }) });
  const how = ssl === 'disable' ? 'without TLS' : 'by TLS';
  log(`the relay listens on port ${bound}, for ${connector} at ${host}:${port} ${how}`);
  return {
    port: bound,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = () => {
        for (const client of clients) client.destroy();
      };
      const deadline = setTimeout(cut, settings.drainSeconds * 1000);
      await closed;
      clearTimeout(deadline);
      log('stopped');
    },
  };
}

/** Serves a client until both of its connections are closed. Never throws. */
async function serve(client: Socket, session: Session, settings: RelaySettings, log: Log) {
  const upstream = await admit(client, session, settings, log);
  if (upstream !== undefined) {
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    // When one direction has ended, the other has some time to finish.
    const ways = [pipeline(client, upstream), pipeline(upstream, client)];
    for (const way of ways) way.catch(() => client.destroy());
    Promise.race(ways).then(
      () => cutAfter(client, settings.closeSeconds * 1000),
      () => {},
    );
    await Promise.allSettled(ways);
    await closed(upstream);
  }
  await closed(client);
}

const closed = async (socket: Socket) => {
  if (!socket.closed) await once(socket, 'close').catch(() => {});
};

async function admit(client: Socket, session: Session, settings: RelaySettings, log: Log) {
  const gone = new AbortController();
  const leave = () => gone.abort();
  const deadline = setTimeout(() => {
    log(`a client did not log in within ${settings.loginSeconds} s`);
    client.destroy();
  }, settings.loginSeconds * 1000);
  client.once('close', leave);
  try {
    return await session.open(gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return undefined;
    const refusal = refusalFor(error, settings);
    log(refusal.message);
    session.refuse(refusal);
    return undefined;
  } finally {
    clearTimeout(deadline);
    client.off('close', leave);
  }
}

function refusalFor(error: unknown, settings: RelaySettings): Refusal {
  if (error instanceof NotAdmitted) return { kind: 'not-admitted', message: reasonOf(error) };
  return { kind: 'unreachable', message: unreachableOf(error, settings).message };
}

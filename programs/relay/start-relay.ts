import { createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { unreachableOf } from '../../clients/database/unreachable.js';
import { listen } from '../listen.js';
import { type Log, reasonOf } from '../log.js';
import { mysqlSessions } from './mysql-session.js';
import { postgresSessions } from './postgres-session.js';
import type { RelaySettings } from './relay-settings.js';
import { NotAdmitted, type Refusal, type Session } from './session.js';

/** Listens for clients of the database. The database may start later. @throws when the port is taken */
export async function startRelay(settings: RelaySettings, log: Log) {
  const { connector, host, port, ssl, listen: listenPort, listenHost } = settings;
  const begin = { postgres: postgresSessions, mysql: mysqlSessions }[connector](settings);
  const clients = new Set<Socket>();
  const server = createServer({
    ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, allowHalfOpen: true },
  });
  server.on('connection', (client) => {
    // Pending reads and writes report the error.
    client.on('error', () => {});
    const session = begin(client);
    if (clients.size >= settings.connections) {
      const message = `the relay has ${clients.size} clients, and accepts no more`;
      log(message);
      session.refuse({ kind: 'too-many', message });
      return;
    }
    clients.add(client);
    client.once('close', () => clients.delete(client));
    void serve(client, session, settings, log);
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

async function serve(client: Socket, session: Session, settings: RelaySettings, log: Log) {
  const upstream = await admit(client, session, settings, log);
  if (upstream === undefined) return;
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => client.destroy());
  // When one direction has ended, the other has some time to finish.
  const halfEnded = () => {
    setTimeout(() => client.destroy(), settings.closeSeconds * 1000).unref();
  };
  const ways = [pipeline(client, upstream), pipeline(upstream, client)];
  for (const way of ways) way.then(halfEnded, () => client.destroy());
  await Promise.allSettled(ways);
}

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

import type { DatabaseLogin } from '../clients/database/database-login.js';
import { parseGreeting } from '../clients/database/mysql-greeting.js';
import { secureMysql } from '../clients/database/mysql-login.js';
import { CAPABILITY, KIND, readPacket } from '../clients/database/mysql-packets.js';
import { openPostgresSocket } from '../clients/database/postgres-wire.js';
import { endIfSilent, openSocket } from '../clients/database/sockets.js';
import { unreachable, unreachableOf } from '../clients/database/unreachable.js';

/**
 * Connects up to the point of a login: host, port and, with TLS, certificate and its name.
 * @throws Unreachable
 */
export async function probeTransport(
  login: DatabaseLogin,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const open = { postgres: openPostgresSocket, mysql: openMysqlSocket }[login.connector];
  const socket = await open(login, timeoutMs, signal);
  socket.destroy();
}

/** The smallest set of features of a MySQL client, sent before its login. */
const HEAD = { capabilities: CAPABILITY.protocol41, fixed: Buffer.alloc(28) };

async function openMysqlSocket(login: DatabaseLogin, timeoutMs: number, signal?: AbortSignal) {
  const socket = await openSocket(login, timeoutMs, signal);
  const heard = endIfSilent(socket, login, timeoutMs);
  try {
    const { payload } = await readPacket(socket);
    if (payload.readUInt8() === KIND.error) {
      throw unreachable('lost', login, payload.toString('utf8', 3));
    }
    const greeting = parseGreeting(payload);
    if (login.ssl === 'disable') return socket;
    return await secureMysql(socket, greeting, HEAD, login, timeoutMs);
  } catch (error) {
    socket.destroy();
    throw unreachableOf(error, login);
  } finally {
    heard();
  }
}

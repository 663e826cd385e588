import type { Socket } from 'node:net';
import {
  errorResponse,
  openPostgresSocket,
  REQUEST,
  readFirstMessage,
  readServerMessage,
  withoutChannelBinding,
} from '../../clients/database/postgres-wire.js';
import type { RelaySettings } from './relay-settings.js';
import { type BeginSession, endWith, type Refusal } from './session.js';

/** SQLSTATE of such errors in PostgreSQL and its drivers. */
const STATES: Readonly<Record<Refusal['kind'], string>> = {
  unreachable: '08001',
  'too-many': '53300',
  'not-admitted': '08004',
};

/** Requests for encryption before the relay rejects a client. */
const MAX_REQUESTS = 4;

/** PostgreSQL: the client logs in to the database itself; the relay adds TLS underneath. */
export const postgresSessions =
  (settings: RelaySettings): BeginSession =>
  (client) => ({
    async open(signal) {
      const { code, bytes } = await readStart(client);
      const upstream = await openPostgresSocket(settings, settings.connectSeconds * 1000, signal);
      // A cancel request is a separate connection, and is forwarded like a start-up message.
      upstream.write(bytes);
      if (settings.ssl !== 'disable' && code !== REQUEST.cancel) {
        client.write(await firstAnswer(upstream, signal));
      }
      return upstream;
    },
    refuse: ({ kind, message }) => endWith(client, errorResponse(STATES[kind], message)),
  });

/**
 * The database offers a login that is bound to its TLS, which the client does not have. Clients on libpq take the offer
 * for an attack, and end the connection.
 */
async function firstAnswer(upstream: Socket, signal: AbortSignal): Promise<Buffer> {
  const leave = () => upstream.destroy();
  signal.addEventListener('abort', leave);
  try {
    signal.throwIfAborted();
    return withoutChannelBinding(await readServerMessage(upstream));
  } catch (error) {
    upstream.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Returns the first message that is no request for encryption; answers those with "no". */
async function readStart(client: Socket): Promise<{ code: number; bytes: Buffer }> {
  for (let requests = 0; requests < MAX_REQUESTS; requests++) {
    const first = await readFirstMessage(client);
    const { code } = first;
    if (code !== REQUEST.ssl && code !== REQUEST.gssEncryption) return first;
    client.write('N');
  }
  throw new Error('the client requests encryption again and again');
}

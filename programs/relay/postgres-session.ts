import type { Socket } from 'node:net';
import {
  errorResponse,
  openPostgresSocket,
  REQUEST,
  readFirstMessage,
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
      const first = await readStart(client);
      const upstream = await openPostgresSocket(settings, settings.connectSeconds * 1000, signal);
      // A cancel request is a separate connection, and is forwarded like a start-up message.
      upstream.write(first);
      return upstream;
    },
    refuse: ({ kind, message }) => endWith(client, errorResponse(STATES[kind], message)),
  });

/** Returns the first message that is no request for encryption; answers those with "no". */
async function readStart(client: Socket): Promise<Buffer> {
  for (let requests = 0; requests < MAX_REQUESTS; requests++) {
    const { code, bytes } = await readFirstMessage(client);
    if (code !== REQUEST.ssl && code !== REQUEST.gssEncryption) return bytes;
    client.write('N');
  }
  throw new Error('the client requests encryption again and again');
}

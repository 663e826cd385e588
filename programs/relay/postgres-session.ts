import type { Socket } from 'node:net';
import {
  errorResponse,
  openPostgresSocket,
  REQUEST,
  readFirstMessage,
} from '../../clients/database/postgres-wire.js';
import type { RelaySettings } from './relay-settings.js';
import { type BeginSession, type Refusal, sayLast } from './session.js';

/** SQLSTATE: what PostgreSQL and its drivers call such errors. */
const STATES: Readonly<Record<Refusal['kind'], string>> = {
  unreachable: '08001',
  'too-many': '53300',
  'not-admitted': '08004',
};

/** A client that asks for encryption more often than that is none. */
const MAX_REQUESTS = 4;

/** PostgreSQL: the client logs in to the database itself, through TLS that it knows nothing of. */
export const postgresSessions =
  (settings: RelaySettings): BeginSession =>
  (client) => ({
    async open(signal) {
      const first = await readStart(client);
      const upstream = await openPostgresSocket(settings, settings.connectSeconds * 1000, signal);
      // A request to cancel is a connection of its own, and passes as a start-up does.
      upstream.write(first);
      return upstream;
    },
    refuse: ({ kind, message }) => sayLast(client, errorResponse(STATES[kind], message)),
  });

/** The first message that is no request for encryption; those are answered with no. */
async function readStart(client: Socket): Promise<Buffer> {
  for (let requests = 0; requests < MAX_REQUESTS; requests++) {
    const { code, bytes } = await readFirstMessage(client);
    if (code !== REQUEST.ssl && code !== REQUEST.gssEncryption) return bytes;
    client.write('N');
  }
  throw new Error('it asks for encryption again and again');
}

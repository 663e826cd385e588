import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connections } from '../drain.js';
import { type Log, reasonOf } from '../log.js';
import { resumeAsPlain } from '../plain-request.js';
import { answerRequest } from './answer-request.js';
import { answerUpgrade } from './answer-upgrade.js';
import type { Passage } from './passage.js';

/** Connections of the edges, most of them silent: one edge opens up to 1500. */
const MOST_CONNECTIONS = 4_000;
/** Longer than the edge keeps its own: a request would be lost that comes while this side closes. */
const KEEP_ALIVE_MS = 120_000;
const HEADERS_MS = 10_000;

/** Makes the HTTP server that passes requests on to functions; it does not listen yet. */
export function createActivator(passage: Passage, log: Log): Connections {
  const http = createServer({
    headersTimeout: HEADERS_MS,
    // The time of a request is bounded by its function.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  });
  http.maxConnections = MOST_CONNECTIONS;
  const connections = new Set<Socket>();
  const tunnels = new Set<Duplex>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const failed = (end: () => void) => (error: unknown) => {
    log(`error: ${reasonOf(error)}`);
    end();
  };
  http.on('request', (request, response) => {
    answerRequest(passage, request, response).catch(failed(() => response.destroy()));
  });
  http.on('upgrade', (request, client, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return resumeAsPlain(http, request, client, head);
    }
    tunnels.add(client);
    client.once('close', () => tunnels.delete(client));
    answerUpgrade(passage, request, client, head).catch(failed(() => client.destroy()));
  });
  return { http, tunnels, connections };
}

import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listen } from '../listen.js';
import { type Log, reasonOf } from '../log.js';
import { bodyBytes } from '../request-body.js';
import type { CallEngine } from './engine-calls.js';
import { OwnContainers, type Owner, Refused } from './own-containers.js';
import { routeOf } from './route-of.js';

/** Clients at the same time; the activator needs a few. */
const MOST_CONNECTIONS = 80;
const READ_MS = 5_000;
const MOST_HEADER_BYTES = 4_096;

/** What a waker needs. */
export interface WakerProps {
  readonly owner: Owner;
  readonly call: CallEngine;
  /** Path at which it listens. */
  readonly socket: string;
  readonly log: Log;
  /** Called when the engine is not behind its socket any more. */
  readonly onLost: () => void;
}

/** Listens for the activator. @throws when the socket cannot be made */
export async function startWaker({ owner, call, socket, log, onLost }: WakerProps) {
  const containers = new OwnContainers(owner, call);

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const route = routeOf(request.method, request.url);
    if (route.kind === 'refused') return { status: route.status };
    if (bodyBytes(request) !== 0 || request.httpVersion !== '1.1') return { status: 400 };
    try {
      if (route.kind === 'list') return { status: 200, body: await containers.list() };
      await containers.act(route.name, route.action);
      return { status: 204 };
    } catch (error) {
      const message = reasonOf(error);
      log(`${request.method} ${request.url}: ${message}`);
      if (error instanceof Refused) return { status: error.status, body: { message } };
      if (isLost(error)) onLost();
      return { status: 503, body: { message: `the engine cannot be asked: ${message}` } };
    }
  };

  const busy = new WeakSet<Socket>();
  const server = createServer(
    {
      ...{ headersTimeout: READ_MS, requestTimeout: READ_MS, connectionsCheckingInterval: READ_MS },
      ...{ keepAliveTimeout: 60_000, maxHeaderSize: MOST_HEADER_BYTES },
    },
    async (request, response) => {
      // Nobody sends a second request before the answer to the first; behind a refused one it would still be done.
      if (busy.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      busy.add(request.socket);
      const { status, body } = await answer(request);
      if (status < 400) response.once('close', () => busy.delete(request.socket));
      send(request, response, { status, body });
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  // Of an earlier run that was killed.
  await rm(socket, { force: true });
  await listen(server, { path: socket });
  // The activator is no root; nobody else has the volume.
  await chmod(socket, 0o666);
  log(`the waker listens for functions of ${owner.cluster}`);
  return {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  const isOver = status >= 400;
  response.writeHead(status, {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    // Whatever comes behind a refused request is not read.
    ...(isOver && { connection: 'close' }),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body), () => {
    if (isOver) request.socket.destroy();
  });
}

const isLost = (error: unknown) =>
  ['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.js';
import type { Connections } from '../drain.js';
import { refusal } from '../own-answer.js';
import { resumeAsPlain } from '../plain-request.js';
import type { AccessEntry } from './access-log.js';
import { answerRequest } from './answer-request.js';
import { answerUpgrade, type UpgradePassage } from './answer-upgrade.js';
import { BUSY } from './body/body-answers.js';
import { answerBroken } from './broken-request.js';
import { ClientConnections } from './connections/client-connections.js';
import { Exchange } from './exchange.js';

import type { GatewaySettings } from './settings.js';
import { plainAddress } from './sources.js';

const FAILED = refusal(500, 'INTERNAL', 'The gateway failed; its log has the reason.');
const UNEXPECTED = refusal(417, 'BAD_REQUEST', 'The only supported expectation is 100-continue.');

/** Makes the HTTP server that passes requests on, with time limits for its clients. */
export function createGateway({
  passage,
  ...props
}: {
  readonly passage: Omit<UpgradePassage, 'hasPlace'>;
  readonly limits: GatewaySettings['limits'];
  readonly timeouts: GatewaySettings['timeouts'];
  readonly clock: Clock;
  /** Address of the engine's port forwarder. */
  readonly forwarder: string | undefined;
  /** Stops to accept connections, or accepts them again. */
  readonly accept: (http: Server, isOpen: boolean) => void;
  readonly record: (kind: string, entry: AccessEntry) => void;
  readonly onError: (error: unknown) => void;
}): Connections {
  const { limits, timeouts, clock, forwarder, record, onError } = props;
  const http = createServer({
    headersTimeout: timeouts.headersSeconds * 1000,
    requestTimeout: timeouts.requestSeconds * 1000,
    keepAliveTimeout: timeouts.keepAliveSeconds * 1000,
    connectionsCheckingInterval: Math.min(5_000, timeouts.headersSeconds * 1000),
    noDelay: true,
    // The gateway's own answer reports it in a form that GraphQL clients can read.
    requireHostHeader: false,
  });
  // The size of headers is limited instead. Node would silently drop those beyond a number.
  http.maxHeadersCount = 0;
  const recordBroken = (status: number, address: string | undefined) => {
    const entry = { method: '', target: '', durationMs: 0, throttledMs: 0 };
    record('broken', { ...entry, client: plainAddress(address), status });
  };
  const connections = new ClientConnections(
    http,
    {
      connections: limits.connections,
      perSource: limits.connectionsPerSource,
      isShared: (address) =>
        plainAddress(address) === forwarder || passage.sources.isTrusted(address),
      forwarder,
    },
    clock,
    { refused: recordBroken, accepting: (isOpen) => props.accept(http, isOpen) },
  );
  let unanswered = 0;

  http.setTimeout(timeouts.idleSeconds * 1000);
  http.on('timeout', (socket) => {
    // A request that waits for its turn, or for the server, is silent without fault.
    const exchange = connections.of(socket)?.newest;
    if (exchange === undefined || exchange.waitsForClient) connections.close(socket);
  });

  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const exchange = new Exchange(request, response, clock.now());
    const connection = connections.of(request.socket);
    if (!connection?.begin(exchange)) {
      request.socket.destroy();
      return undefined;
    }
    unanswered += 1;
    response.once('close', () => {
      unanswered -= 1;
      connection.end(exchange, clock.now());
      exchange.end();
      record(exchange.kind, exchange.entry(clock.now()));
    });
    return exchange;
  };

  http.on('request', (request, response) => {
    const exchange = begin(request, response);
    if (exchange === undefined) return;
    // Requests behind one another on a connection count each.
    if (unanswered > limits.connections) return exchange.answer(BUSY);
    const onFailure = (error: unknown) => {
      if (response.destroyed || request.destroyed) return;
      onError(error);
      exchange.answer(FAILED);
    };
    try {
      answerRequest(passage, exchange)?.catch(onFailure);
    } catch (error) {
      onFailure(error);
    }
  });
  http.on('checkExpectation', (request, response) => {
    begin(request, response)?.answer(UNEXPECTED);
  });
  http.on('clientError', (error: NodeJS.ErrnoException, client: Duplex) => {
    // A connection that is over waits for its client: see ClientConnections.
    if (connections.isLeaving(client)) return;
    const running = connections.of(client)?.newest;
    const status = answerBroken(error, client, running, () => connections.close(client as Socket));
    if (status === undefined || running !== undefined) return;
    recordBroken(status, (client as Socket).remoteAddress);
  });

  const upgrades = new Set<Duplex>();
  const tunnels = new Set<Duplex>();
  http.on('upgrade', (request, client, head) => {
    const connection = connections.of(client);
    // The refusal would come before answers that are still due.
    if (connection === undefined || connection.isBusy) return client.destroy();
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return resumeAsPlain(http, request, client, head);
    }
    const startedMs = clock.now();
    const onStatus = (status: number, throttledMs: number, address: string) => {
      if (status === 101) tunnels.add(client);
      const { method = '', url: target = '' } = request;
      const durationMs = clock.now() - startedMs;
      record('subscription', {
        ...{ method, target, client: address, status, throttledMs, durationMs },
      });
    };
    upgrades.add(client);
    connections.keep(connection);
    client.once('close', () => {
      upgrades.delete(client);
      tunnels.delete(client);
    });
    const hasPlace = () => upgrades.size <= limits.webSockets;
    answerUpgrade({ ...passage, hasPlace }, { request, client, head, onStatus }).catch(
      (error: unknown) => {
        onError(error);
        client.destroy();
      },
    );
  });
  return { http, tunnels, connections: connections.sockets };
}

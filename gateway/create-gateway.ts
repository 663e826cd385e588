import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AccessEntry } from './access-log.js';
import { answerRequest } from './answer-request.js';
import { answerUpgrade, type UpgradePassage } from './answer-upgrade.js';
import type { Clock } from './clock.js';
import { Exchange } from './exchange.js';
import { refusal } from './own-answer.js';
import type { GatewaySettings } from './settings.js';

/** What the HTTP server of the gateway works with. */
export interface GatewayProps {
  readonly passage: Omit<UpgradePassage, 'hasPlace'>;
  readonly limits: GatewaySettings['limits'];
  readonly timeouts: GatewaySettings['timeouts'];
  readonly clock: Clock;
  readonly record: (kind: string, entry: AccessEntry) => void;
  readonly onError: (error: unknown) => void;
}

/** The HTTP server, not yet listening, and the tunnels through it. */
export interface Gateway {
  readonly http: Server;
  readonly tunnels: ReadonlySet<Duplex>;
  /** All connections of clients, those without a request too. */
  readonly connections: ReadonlySet<Socket>;
}

const FAILED = refusal(500, 'INTERNAL', 'The gateway failed; its log tells why.');

/** Puts the passage behind an HTTP server whose clients have no more time than they need. */
export function createGateway({ passage, ...props }: GatewayProps): Gateway {
  const { limits, timeouts, clock, record, onError } = props;
  const exchanges = new Map<Socket, Exchange>();
  const tunnels = new Set<Duplex>();
  const http = createServer({
    headersTimeout: timeouts.headersSeconds * 1000,
    requestTimeout: timeouts.requestSeconds * 1000,
    keepAliveTimeout: timeouts.keepAliveSeconds * 1000,
    connectionsCheckingInterval: Math.min(5_000, timeouts.headersSeconds * 1000),
    noDelay: true,
  });
  http.maxConnections = limits.connections;
  const connections = new Set<Socket>();
  http.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  http.setTimeout(timeouts.idleSeconds * 1000);
  http.on('timeout', (socket) => {
    // Who waits for its turn, or for the server, is silent without fault.
    const exchange = exchanges.get(socket);
    if (exchange === undefined || exchange.waitsForClient) socket.destroy();
  });

  http.on('request', (request, response) => {
    const exchange = new Exchange(request, response, clock.now());
    const { socket } = request;
    exchanges.set(socket, exchange);
    response.once('close', () => {
      if (exchanges.get(socket) === exchange) exchanges.delete(socket);
      exchange.end();
      record(exchange.kind, {
        method: request.method ?? '',
        target: request.url ?? '',
        status: response.headersSent ? response.statusCode : 0,
        durationMs: clock.now() - exchange.startedMs,
        throttledMs: exchange.throttledMs,
      });
    });
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

  http.on('upgrade', (request, client, head) => {
    const started = clock.now();
    const onStatus = (status: number, throttledMs: number) => {
      const { method = '', url: target = '' } = request;
      record('subscription', {
        ...{ method, target, status, throttledMs },
        durationMs: clock.now() - started,
      });
    };
    tunnels.add(client);
    client.once('close', () => tunnels.delete(client));
    const hasPlace = () => tunnels.size <= limits.webSockets;
    answerUpgrade({ ...passage, hasPlace }, { request, client, head, onStatus }).catch(
      (error: unknown) => {
        onError(error);
        client.destroy();
      },
    );
  });
  return { http, tunnels, connections };
}

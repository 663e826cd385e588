import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { areaOf, FORBIDDEN, wayOf } from './answer-request.js';
import { requestHeaders } from './hop-headers.js';
import { type OwnAnswer, ownHeaders, refusal } from './own-answer.js';
import type { Passage } from './pass-on.js';
import { serverProblem } from './server-problem.js';
import { tunnel } from './tunnel.js';
import { turnedAway } from './turn.js';

/** What upgrades need besides what all requests pass. */
export interface UpgradePassage extends Passage {
  readonly serverUrl: URL;
  readonly handshakeMs: number;
  readonly idleMs: number;
  /** Whether there is a place for one more. */
  readonly hasPlace: () => boolean;
}

/** A request to upgrade, with the connection that it would take over. */
export interface UpgradeExchange {
  readonly request: IncomingMessage;
  readonly client: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  /** Told once, when it is known; 101 when the tunnel stands. */
  readonly onStatus: (status: number, throttledMs: number) => void;
}

const FULL = refusal(503, 'TOO_MANY_WEBSOCKETS', 'There are too many open WebSockets.');
const NOT_WEBSOCKET = refusal(400, 'NOT_PASSED_ON', 'The only upgrade is to websocket.');

/** Leads one upgrade to the server, or answers it and ends the connection. */
export async function answerUpgrade(
  passage: UpgradePassage,
  { request, client, head, onStatus }: UpgradeExchange,
): Promise<void> {
  client.on('error', () => client.destroy());
  let throttledMs = 0;
  const answer = (own: OwnAnswer) => {
    onStatus(own.status, throttledMs);
    if (!client.destroyed) client.end(textOf(own, throttledMs));
  };
  const { method = '', url = '', rawHeaders, headers } = request;
  const route = passage.routeOf({ method, target: url, isUpgrade: true });
  if (route.kind === 'closed') return answer(refusal(route.status, 'NOT_PASSED_ON', route.reason));
  if (route.kind !== 'subscription' || headers.upgrade?.toLowerCase() !== 'websocket') {
    return answer(NOT_WEBSOCKET);
  }
  const way = wayOf(passage.sources, request);
  if (!passage.sources.isAllowed(areaOf(route), way.client)) return answer(FORBIDDEN);
  if (!passage.hasPlace()) return answer({ ...FULL, retryAfterMs: 10_000 });
  if (passage.rate !== undefined) {
    const gone = new AbortController();
    client.once('close', () => gone.abort());
    const turn = await passage.rate.limit.take(route.key, gone.signal);
    if (turn.outcome !== 'admitted') {
      const own = turnedAway(turn, passage.rate.props);
      return own && answer(own);
    }
    throttledMs = turn.delayedMs;
  }
  tunnel(client, head, {
    server: passage.serverUrl,
    path: url,
    headers: requestHeaders(rawHeaders, { ...way, host: headers.host }),
    throttledMs,
    handshakeMs: passage.handshakeMs,
    idleMs: passage.idleMs,
    onStatus: (status) => onStatus(status, throttledMs),
    onProblem: (error) => answer(serverProblem(error)),
  });
}

function textOf(own: OwnAnswer, throttledMs: number): string {
  const body = JSON.stringify(own.body);
  const last = { ...own, isLast: true };
  const headers = ownHeaders(last, Buffer.byteLength(body), throttledMs);
  const lines = [`HTTP/1.1 ${own.status} ${STATUS_CODES[own.status]}`];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

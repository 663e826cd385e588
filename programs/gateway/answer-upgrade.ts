import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerText, type OwnAnswer, refusal } from '../own-answer.js';
import { bodyBytes } from '../request-body.js';
import { tunnel } from '../tunnel.js';
import { areaOf, FORBIDDEN, isForOneHost, NO_HOST, wayOf } from './answer-request.js';
import { Compact } from './body/compact.js';
import { requestHeaders, responseHeaders } from './hop-headers.js';
import { turnedAway } from './own-answer.js';
import type { Passage } from './pass-on.js';
import { serverTarget } from './route-of.js';
import { serverProblem } from './server-problem.js';

/** Upgrades need a free place besides everything that requests need. */
export interface UpgradePassage extends Passage {
  readonly serverUrl: URL;
  readonly handshakeMs: number;
  readonly idleMs: number;
  /** Whether one more WebSocket may be opened. */
  readonly hasPlace: () => boolean;
}

const FULL = refusal(503, 'TOO_MANY_WEBSOCKETS', 'There are too many open WebSockets.');
const NOT_WEBSOCKET = refusal(
  400,
  'NOT_PASSED_ON',
  'WebSockets begin with GET and without a body.',
);
/** Time for the client to read a refusal. */
const GOODBYE_MS = 5_000;
/** Limit of what a client may send before its WebSocket is open. */
const EARLY_BYTES = 16_384;

/** Forwards one upgrade to the server, or answers it and closes the connection. */
export async function answerUpgrade(
  passage: UpgradePassage,
  {
    request,
    client,
    head,
    onStatus,
  }: {
    readonly request: IncomingMessage;
    readonly client: Duplex;
    /** Bytes that were received after the request. */
    readonly head: Buffer;
    /** Called once, with the status; 101 when the tunnel is open. */
    readonly onStatus: (status: number, throttledMs: number, client: string) => void;
  },
): Promise<void> {
  client.on('error', () => client.destroy());
  let throttledMs = 0;
  const { method = '', url = '', rawHeaders, headers } = request;
  const way = wayOf(passage.sources, request);
  const reportStatus = (status: number) => onStatus(status, throttledMs, way.client);
  const answer = (own: OwnAnswer) => {
    reportStatus(own.status);
    if (client.destroyed) return;
    client.end(answerText(own, throttledMs));
    client.resume();
    const bye = setTimeout(() => client.destroy(), GOODBYE_MS);
    client.once('close', () => clearTimeout(bye));
  };
  const route = passage.routeOf({ method, target: url, isUpgrade: true });
  if (route.kind === 'closed') return answer(refusal(route.status, 'NOT_PASSED_ON', route.reason));
  if (route.kind !== 'subscription' || method !== 'GET' || bodyBytes(request) !== 0) {
    return answer(NOT_WEBSOCKET);
  }
  if (!isForOneHost(request)) return answer(NO_HOST);
  if (!passage.sources.isAllowed(areaOf(route), way.client)) return answer(FORBIDDEN);
  if (!passage.hasPlace()) return answer({ ...FULL, retryAfterMs: 10_000 });
  let early = head;
  if (passage.rate !== undefined) {
    const waiting = waitAt(client, head);
    // The token comes later, within the WebSocket: until then nobody knows who the client is.
    const entry = await passage.directory?.entry(route, undefined, { isJudged: false });
    if (entry === 'missing') {
      waiting.end();
      return answer(refusal(404, 'NOT_PASSED_ON', 'There is no such service.'));
    }
    const lane = entry === 'in-by-token' ? `${route.key} upgrades` : route.key;
    const turn = await passage.rate.limit.take(lane, waiting.signal);
    early = waiting.end();
    if (turn.outcome !== 'admitted') {
      const own = turnedAway(turn, passage.rate.props);
      return own && answer(own);
    }
    throttledMs = turn.delayedMs;
  }
  tunnel(client, early, {
    server: passage.serverUrl,
    path: serverTarget(route.serverPath, url),
    headers: requestHeaders(rawHeaders, way, headers.host),
    answerHeaders: (raw) => responseHeaders(raw, throttledMs),
    handshakeMs: passage.handshakeMs,
    idleMs: passage.idleMs,
    onStatus: reportStatus,
    onProblem: (error) => answer(serverProblem(error)),
  });
}

/** Reads from a client that waits; otherwise nobody would notice that it leaves. */
function waitAt(client: Duplex, head: Buffer) {
  const gone = new AbortController();
  const early = new Compact();
  const take = (chunk: Buffer) => {
    early.add(chunk);
    if (early.bytes > EARLY_BYTES) client.destroy();
  };
  take(head);
  const leave = () => client.destroy();
  client.once('close', () => gone.abort());
  client.on('data', take).once('end', leave);
  return {
    signal: gone.signal,
    /** Returns the bytes received meanwhile. */
    end(): Buffer {
      client.pause().off('data', take).off('end', leave);
      return early.take();
    },
  };
}

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { areaOf, FORBIDDEN, isForOneHost, NO_HOST, wayOf } from './answer-request.js';
import { requestHeaders } from './hop-headers.js';
import { answerText, type OwnAnswer, refusal } from './own-answer.js';
import type { Passage } from './pass-on.js';
import { bodyBytes } from './read-body.js';
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
  readonly onStatus: (status: number, throttledMs: number, client: string) => void;
}

const FULL = refusal(503, 'TOO_MANY_WEBSOCKETS', 'There are too many open WebSockets.');
const NOT_WEBSOCKET = refusal(
  400,
  'NOT_PASSED_ON',
  'WebSockets begin with GET and without a body.',
);
/** For the client to take a refusal. */
const GOODBYE_MS = 5_000;
/** What a client may send before its WebSocket stands. */
const EARLY_BYTES = 65_536;

/** Leads one upgrade to the server, or answers it and ends the connection. */
export async function answerUpgrade(
  passage: UpgradePassage,
  { request, client, head, onStatus }: UpgradeExchange,
): Promise<void> {
  client.on('error', () => client.destroy());
  let throttledMs = 0;
  const { method = '', url = '', rawHeaders, headers } = request;
  const way = wayOf(passage.sources, request);
  const tell = (status: number) => onStatus(status, throttledMs, way.client);
  const answer = (own: OwnAnswer) => {
    tell(own.status);
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
    const turn = await passage.rate.limit.take(route.key, waiting.signal);
    early = waiting.end();
    if (turn.outcome !== 'admitted') {
      const own = turnedAway(turn, passage.rate.props);
      return own && answer(own);
    }
    throttledMs = turn.delayedMs;
  }
  tunnel(client, early, {
    server: passage.serverUrl,
    path: url,
    headers: requestHeaders(rawHeaders, way, headers.host),
    throttledMs,
    handshakeMs: passage.handshakeMs,
    idleMs: passage.idleMs,
    onStatus: tell,
    onProblem: (error) => answer(serverProblem(error)),
  });
}

/** Who waits is listened to: else nobody would notice that it has gone. */
function waitAt(client: Duplex, head: Buffer) {
  const gone = new AbortController();
  const early = [head];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    early.push(chunk);
    bytes += chunk.length;
    if (bytes > EARLY_BYTES) client.destroy();
  };
  const leave = () => client.destroy();
  client.once('close', () => gone.abort());
  client.on('data', take).once('end', leave);
  return {
    signal: gone.signal,
    /** What came meanwhile. */
    end(): Buffer {
      client.pause().off('data', take).off('end', leave);
      return Buffer.concat(early);
    },
  };
}

import type { IncomingMessage } from 'node:http';
import type { Pool } from 'undici-node18';
import type { Exchange } from './exchange.js';
import { forward } from './forward.js';
import { requestHeaders } from './hop-headers.js';
import type { RateLimitProps } from './rate-lane.js';
import type { RateLimit } from './rate-limit.js';
import { bodyBytes } from './read-body.js';
import type { RequestLine, Route } from './route-of.js';
import type { Sources, Way } from './sources.js';
import type { StorageGate } from './storage-gate.js';
import type { TokenGate } from './token-gate.js';

/** Everything that a request passes on its way. */
export interface Passage {
  readonly routeOf: (line: RequestLine) => Route;
  readonly server: Pool;
  readonly tokens: TokenGate;
  readonly sources: Sources;
  readonly rate: { readonly limit: RateLimit; readonly props: RateLimitProps } | undefined;
  readonly storage: StorageGate | undefined;
  readonly bodyLimitBytes: number;
  readonly isStopping: () => boolean;
  /** The gateway's version, reported on answers of the management API. */
  readonly version: string;
}

/** Changes to a request for the server. */
export interface Changes {
  readonly path?: string;
  /** Replaces the request's body. */
  readonly body?: Buffer;
  readonly authorization?: string | undefined;
  /** Names of headers that are not forwarded. */
  readonly replaces?: readonly string[];
  /** Additional headers of the answer, names and values in turn. */
  readonly adds?: readonly string[];
}

/**
 * Bodies up to this size are read first and sent at once: that costs less than streaming, and a
 * slow client holds no connection to the server meanwhile.
 */
const WHOLE_BYTES = 16_384;

/** Sends a request to the server, and its answer back. */
export function passOn(passage: Passage, exchange: Exchange, way: Way, changes: Changes): void {
  const { request } = exchange;
  const bytes = bodyBytes(request);
  if (changes.body !== undefined) send(passage, exchange, way, changes, changes.body);
  else if (bytes === 0) send(passage, exchange, way, changes, null);
  else if (bytes === undefined || bytes > WHOLE_BYTES) {
    send(passage, exchange, way, changes, request);
  } else whenWhole(request, (body) => send(passage, exchange, way, changes, body));
}

/** Does nothing when the client leaves first. */
function whenWhole(request: IncomingMessage, run: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
  });
  request.once('end', () => {
    const [first] = chunks;
    run(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
}

function send(
  { server, isStopping }: Passage,
  exchange: Exchange,
  way: Way,
  { path, body: changed, authorization, replaces = NONE, adds = NONE }: Changes,
  body: IncomingMessage | Buffer | null,
): void {
  const { request, response } = exchange;
  if (response.destroyed) return;
  const without = changed === undefined ? replaces : [...replaces, 'content-length'];
  const headers = requestHeaders(request.rawHeaders, way, request.headers.host, without);
  if (authorization !== undefined) headers.push('authorization', authorization);
  const onward = {
    method: request.method ?? 'GET',
    path: path ?? request.url ?? '/',
    headers,
    body,
  };
  forward(server, onward, exchange, { adds, isStopping });
}

const NONE: readonly string[] = [];

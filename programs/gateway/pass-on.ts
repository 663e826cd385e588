import { Readable } from 'node:stream';
import type { Pool } from 'undici-node18';
import type { Connector } from '../../cluster/databases.js';
import type { Generation } from '../../prisma/generation.js';
import type { Clock } from '../clock.js';
import { forward } from '../forward.js';
import type { BodyRoom } from './body/body-room.js';
import type { Exchange } from './exchange.js';
import { requestHeaders, responseHeaders } from './hop-headers.js';
import type { RateLimitProps } from './rate-lane.js';
import type { RateLimit } from './rate-limit.js';
import { type RequestLine, type Route, serverTarget } from './route-of.js';
import { serverProblem } from './server-problem.js';
import type { ServiceDirectory } from './services/service-directory.js';
import type { Sources, Way } from './sources.js';
import type { StorageGate } from './storage/storage-gate.js';
import type { TokenGate } from './token-gate.js';

/** Everything that a request passes on its way. */
export interface Passage {
  readonly routeOf: (line: RequestLine) => Route;
  readonly server: Pool;
  readonly tokens: TokenGate;
  readonly sources: Sources;
  readonly rate: { readonly limit: RateLimit; readonly props: RateLimitProps } | undefined;
  readonly storage: StorageGate | undefined;
  /** The deployed services, where the database is known. */
  readonly directory: ServiceDirectory | undefined;
  readonly room: BodyRoom;
  readonly bodyLimitBytes: number;
  /** Time for a body that must be there as a whole. */
  readonly bodyMs: number;
  readonly clock: Clock;
  readonly generation: Generation;
  readonly connector: Connector | undefined;
  readonly isStopping: () => boolean;
  /** The gateway's version, reported on answers of the management API. */
  readonly version: string;
}

/** What a request becomes for the server. */
export interface Onward {
  /** Without the query. */
  readonly path: string;
  readonly body: Buffer | Readable;
  readonly authorization?: string | undefined;
  /** Names of headers that are not forwarded. */
  readonly replaces?: readonly string[];
  /** Additional headers of the answer, names and values in turn. */
  readonly adds?: readonly string[];
}

/** Sends a request to the server, and its answer back. */
export function passOn(
  { server, isStopping }: Passage,
  exchange: Exchange,
  way: Way,
  { path, body, authorization, replaces = NONE, adds = NONE }: Onward,
): void {
  const { request, response } = exchange;
  if (response.destroyed) return;
  // The length of a whole body is known anew; a stream has the announced one, or none.
  const without = body instanceof Readable ? replaces : [...replaces, 'content-length'];
  const headers = requestHeaders(request.rawHeaders, way, request.headers.host, without);
  if (authorization !== undefined) headers.push('authorization', authorization);
  const onward = {
    method: request.method ?? 'GET',
    path: serverTarget(path, request.url ?? ''),
    headers,
    body: !(body instanceof Readable) && body.length === 0 ? null : body,
  };
  forward(server, onward, {
    response,
    headersOf(raw) {
      const kept = responseHeaders(raw, exchange.throttledMs);
      kept.push(...adds);
      if (exchange.isLast || isStopping()) kept.push('connection', 'close');
      return kept;
    },
    onGone: (run) => exchange.onGone(run),
    onProblem: (error) => exchange.answer(serverProblem(error)),
  });
}

const NONE: readonly string[] = [];

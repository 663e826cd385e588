import type { Pool } from 'undici-node18';
import { GATEWAY_HEADER } from '../lib/gateway-mark.js';
import type { Generation } from '../lib/generation.js';
import type { Exchange } from './exchange.js';
import { forward } from './forward.js';
import { requestHeaders } from './hop-headers.js';
import { checkManagement } from './management-check.js';
import { refusal } from './own-answer.js';
import type { RateLimit, RateLimitProps } from './rate-limit.js';
import { readBody } from './read-body.js';
import { type Route, routeOf } from './route-of.js';
import { serverProblem } from './server-problem.js';
import type { Sources, Way } from './sources.js';
import { checkStorage, tooLarge } from './storage-check.js';
import type { StorageGate } from './storage-gate.js';
import type { TokenGate } from './token-gate.js';
import { STOPPING, turnedAway } from './turn.js';

/** What a request passes on its way. */
export interface Passage {
  readonly generation: Generation;
  readonly server: Pool;
  readonly tokens: TokenGate;
  readonly sources: Sources;
  readonly rate: { readonly limit: RateLimit; readonly props: RateLimitProps } | undefined;
  readonly storage: StorageGate | undefined;
  readonly bodyLimitBytes: number;
  readonly isStopping: () => boolean;
  /** The gateway's own. */
  readonly version: string;
}

/** What a client reads whose address is not on the list. */
export const FORBIDDEN = refusal(403, 'FORBIDDEN', 'This address may not use this API.');

/** Leads one request to the server, or answers it. @throws when the client goes away meanwhile */
export async function answerRequest(passage: Passage, exchange: Exchange): Promise<void> {
  const { method = '', url = '' } = exchange.request;
  const route = routeOf({ method, target: url, isUpgrade: false }, passage.generation);
  exchange.kind = route.kind;
  if (route.kind === 'closed') {
    exchange.answer(refusal(route.status, 'NOT_PASSED_ON', route.reason));
    return;
  }
  if (route.kind === 'health') {
    exchange.answer(passage.isStopping() ? STOPPING : { status: 200, body: { status: 'ok' } });
    return;
  }
  const way = wayOf(passage.sources, exchange.request);
  if (!passage.sources.isAllowed(areaOf(route), way.client)) {
    exchange.answer(FORBIDDEN);
    return;
  }
  if (route.kind === 'management') await manage(passage, exchange, route, way);
  else if (route.kind === 'service') await serve(passage, exchange, route, way);
  else onward(passage, exchange, way, {});
}

/** Whose list of sources counts. */
export const areaOf = (route: Route): 'management' | 'data' => {
  if (route.kind === 'page') return route.area;
  return route.kind === 'management' ? 'management' : 'data';
};

/** Where a request comes from. */
export function wayOf(sources: Sources, request: Exchange['request']): Way {
  const { 'x-forwarded-for': chain, 'x-forwarded-proto': proto } = request.headers;
  const first = (value: string | string[] | undefined) =>
    Array.isArray(value) ? value.join(',') : value;
  return sources.way(request.socket.remoteAddress ?? '', first(chain), first(proto));
}

type RouteOf<Kind extends Route['kind']> = Extract<Route, { kind: Kind }>;

async function manage(
  passage: Passage,
  exchange: Exchange,
  { serverPath, oldNames }: RouteOf<'management'>,
  way: Way,
): Promise<void> {
  const { request } = exchange;
  const body = await readBody(request, passage.bodyLimitBytes);
  if (body === undefined) return exchange.answer(tooLarge(passage.bodyLimitBytes));
  const { authorization: header } = request.headers;
  const verdict = await checkManagement(passage.tokens, body, header, oldNames);
  if ('answer' in verdict) return exchange.answer(verdict.answer);
  const adds = [GATEWAY_HEADER, passage.version];
  onward(passage, exchange, way, {
    ...{ ...verdict, path: serverPath, replaces: ['authorization'], adds },
  });
}

async function serve(
  passage: Passage,
  exchange: Exchange,
  route: RouteOf<'service'>,
  way: Way,
): Promise<void> {
  const { rate, storage, bodyLimitBytes } = passage;
  if (rate !== undefined) {
    const turn = await rate.limit.take(route.key, exchange.signal);
    if (turn.outcome !== 'admitted') {
      const answer = turnedAway(turn, rate.props);
      if (answer) exchange.answer(answer);
      return;
    }
    exchange.throttledMs = turn.delayedMs;
  }
  if (storage === undefined || route.endpoint === 'export')
    return onward(passage, exchange, way, {});
  const writes = route.endpoint === 'import';
  const verdict = await checkStorage(storage, exchange, route, bodyLimitBytes, writes);
  if ('answer' in verdict) return exchange.answer(verdict.answer);
  onward(passage, exchange, way, verdict);
}

interface Changes {
  readonly path?: string;
  /** In place of the request's own. */
  readonly body?: Buffer;
  readonly authorization?: string | undefined;
  /** Headers that do not go on as they came. */
  readonly replaces?: readonly string[];
  /** Headers of the answer. */
  readonly adds?: readonly string[];
}

function onward(
  { server, isStopping }: Passage,
  exchange: Exchange,
  way: Way,
  { path, body, authorization, replaces = [], adds = [] }: Changes,
): void {
  const { request, response, throttledMs } = exchange;
  const without = body === undefined ? replaces : [...replaces, 'content-length'];
  const headers = requestHeaders(
    request.rawHeaders,
    { ...way, host: request.headers.host },
    without,
  );
  if (authorization !== undefined) headers.push('authorization', authorization);
  forward(
    server,
    {
      method: request.method ?? 'GET',
      path: path ?? request.url ?? '/',
      headers,
      body: body ?? (exchange.hasBody ? request : null),
    },
    {
      response,
      throttledMs,
      adds,
      isLast: () => exchange.isLast || isStopping(),
      onProblem: (error) => exchange.answer(serverProblem(error)),
    },
  );
}

import type { IncomingMessage } from 'node:http';
import { GATEWAY_HEADER } from '../../prisma/gateway-mark.js';
import type { Exchange } from './exchange.js';
import { checkManagement } from './management-check.js';
import { type OwnAnswer, refusal, STOPPING, turnedAway } from './own-answer.js';
import { type Passage, passOn } from './pass-on.js';
import { readBody } from './read-body.js';
import type { Route } from './route-of.js';
import type { Sources, Way } from './sources.js';
import { checkStorage, tooLarge } from './storage-check.js';

/** The answer to a client whose address is not among the allowed sources. */
export const FORBIDDEN = refusal(403, 'FORBIDDEN', 'This address may not use this API.');

/**
 * Forwards one request to the server, or answers it; synchronously, unless it must wait.
 * @throws (or rejects) when the client leaves meanwhile
 */
export function answerRequest(passage: Passage, exchange: Exchange): Promise<void> | void {
  const { method = '', url = '' } = exchange.request;
  const route = passage.routeOf({ method, target: url, isUpgrade: false });
  exchange.kind = route.kind;
  if (route.kind === 'closed') {
    return exchange.answer(refusal(route.status, 'NOT_PASSED_ON', route.reason));
  }
  if (route.kind === 'health') {
    return exchange.answer(
      passage.isStopping() ? STOPPING : { status: 200, body: { status: 'ok' } },
    );
  }
  if (!isForOneHost(exchange.request)) return exchange.answer(NO_HOST);
  const way = wayOf(passage.sources, exchange.request);
  exchange.client = way.client;
  if (!passage.sources.isAllowed(areaOf(route), way.client)) return exchange.answer(FORBIDDEN);
  if (route.kind === 'management') return manage(passage, exchange, route, way);
  const isLimited = passage.rate !== undefined || passage.storage !== undefined;
  if (route.kind === 'service' && isLimited) return serve(passage, exchange, route, way);
  return passOn(passage, exchange, way, {});
}

/** The answer to a request without a host, or with several. */
export const NO_HOST: OwnAnswer = {
  ...refusal(400, 'BAD_REQUEST', 'The request must name one host.'),
  isLast: true,
};

/** Servers could choose another one of several hosts than the gateway. HTTP/1.0 may have none. */
export function isForOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/** The list of sources that applies to a route. */
export const areaOf = (route: Route): 'management' | 'data' => {
  if (route.kind === 'page') return route.area;
  return route.kind === 'management' ? 'management' : 'data';
};

/** The addresses that a request came through. */
export function wayOf(sources: Sources, { headers, socket }: IncomingMessage): Way {
  const { 'x-forwarded-for': chain, 'x-forwarded-proto': proto } = headers;
  const one = (value: string | string[] | undefined) =>
    Array.isArray(value) ? value.join(',') : value;
  return sources.way(socket.remoteAddress ?? '', one(chain), one(proto));
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
  passOn(passage, exchange, way, {
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
  if (storage === undefined || route.endpoint === 'export') {
    return passOn(passage, exchange, way, {});
  }
  const writes = route.endpoint === 'import';
  const verdict = await checkStorage(storage, exchange, route, bodyLimitBytes, writes);
  if ('answer' in verdict) return exchange.answer(verdict.answer);
  passOn(passage, exchange, way, verdict);
}

import type { IncomingMessage } from 'node:http';
import { DERIVED_HEADER, DERIVED_VALUE } from '../../prisma/derived-mark.js';
import { GATEWAY_HEADER } from '../../prisma/gateway-mark.js';
import { OPEN_BYTES } from '../bounds.js';
import { type OwnAnswer, refusal } from '../own-answer.js';
import { bodyBytes } from '../request-body.js';
import { bodyProblem, ENCODED } from './body/body-answers.js';
import { IncomingBody } from './body/incoming-body.js';
import type { Exchange } from './exchange.js';
import { checkManagement } from './management-check.js';
import { STOPPING, tokenRefusal, turnedAway } from './own-answer.js';
import { type Passage, passOn } from './pass-on.js';
import type { Route } from './route-of.js';
import { entryRefusal } from './services/entry-refusal.js';
import type { Sources, Way } from './sources.js';
import { checkStorage } from './storage/storage-check.js';
import { TokenProblem } from './token-gate.js';

/** The answer to a client whose address is not among the allowed sources. */
export const FORBIDDEN = refusal(403, 'FORBIDDEN', 'This address may not use this API.');

/**
 * Forwards one request to the server, or answers it. @throws (or rejects) when the client leaves
 * meanwhile
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
  if (route.kind === 'service') return serve(passage, exchange, route, way);
  if (route.kind === 'subscription') return undefined;
  return passPage(passage, exchange, route, way);
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

/** Begins to read the body at once: see {@link IncomingBody}. */
function bodyOf(
  { room, bodyMs }: Passage,
  exchange: Exchange,
  limitBytes: number | undefined,
): IncomingBody {
  const body = new IncomingBody(exchange.request, room, { limitBytes, ms: bodyMs });
  exchange.body = body;
  return body;
}

/** The whole body; `undefined` when the request has been answered instead. */
async function wholeOf(
  { clock, bodyLimitBytes }: Passage,
  exchange: Exchange,
  body: IncomingBody,
): Promise<Buffer | undefined> {
  const whole = await body.read(clock);
  if (Buffer.isBuffer(whole)) return whole;
  if (typeof whole === 'string') exchange.answer(bodyProblem(whole, bodyLimitBytes));
  return undefined;
}

/** A body as it comes: whole when it is small. */
async function passPage(
  passage: Passage,
  exchange: Exchange,
  { serverPath: path }: { readonly serverPath: string },
  way: Way,
): Promise<void> {
  const incoming = bodyOf(passage, exchange, undefined);
  const body = await incoming.read(passage.clock);
  if (typeof body === 'string') {
    return exchange.answer(bodyProblem(body, passage.bodyLimitBytes));
  }
  incoming.pin();
  passOn(passage, exchange, way, { path, body });
}

async function manage(
  passage: Passage,
  exchange: Exchange,
  { serverPath: path, oldNames }: RouteOf<'management'>,
  way: Way,
): Promise<void> {
  const { headers } = exchange.request;
  if (headers['content-encoding'] !== undefined) return exchange.answer(ENCODED);
  const incoming = bodyOf(passage, exchange, passage.bodyLimitBytes);
  const caller = await passage.tokens.caller(headers.authorization);
  if (caller.problem !== undefined) incoming.limitTo(OPEN_BYTES);
  const whole = await incoming.read(passage.clock);
  const isBeyond = (bodyBytes(exchange.request) ?? 0) > passage.bodyLimitBytes;
  if (whole === 'too-large' && caller.problem !== undefined && !isBeyond) {
    return exchange.answer(tokenRefusal(new TokenProblem(caller.problem).message));
  }
  if (typeof whole === 'string') {
    return exchange.answer(bodyProblem(whole, passage.bodyLimitBytes));
  }
  if (!Buffer.isBuffer(whole)) return;
  const verdict = await checkManagement(caller, whole, oldNames, passage.generation);
  if ('answer' in verdict) return exchange.answer(verdict.answer);
  incoming.pin();
  const adds = [
    ...[GATEWAY_HEADER, passage.version],
    ...(passage.tokens.acceptsDerived ? [DERIVED_HEADER, DERIVED_VALUE] : []),
  ];
  passOn(passage, exchange, way, { ...verdict, path, replaces: ['authorization'], adds });
}

async function serve(
  passage: Passage,
  exchange: Exchange,
  route: RouteOf<'service'>,
  way: Way,
): Promise<void> {
  const { rate, storage, directory, bodyLimitBytes } = passage;
  const { serverPath: path, endpoint } = route;
  if (rate === undefined && storage === undefined) return passPage(passage, exchange, route, way);
  const { headers } = exchange.request;
  if (headers['content-encoding'] !== undefined) return exchange.answer(ENCODED);
  const incoming = bodyOf(passage, exchange, bodyLimitBytes);
  const refused = entryRefusal(
    await directory?.entry(route, headers.authorization),
    route,
    passage,
  );
  if (refused) return exchange.answer(refused);
  const body = await wholeOf(passage, exchange, incoming);
  if (body === undefined) return;
  if (rate !== undefined) {
    const turn = await rate.limit.take(route.key, exchange.signal);
    if (turn.outcome !== 'admitted') {
      const answer = turnedAway(turn, rate.props);
      if (answer) exchange.answer(answer);
      return;
    }
    exchange.throttledMs = turn.delayedMs;
  }
  if (exchange.response.headersSent) return;
  incoming.pin();
  if (
    storage !== undefined &&
    (endpoint === 'graphql' || endpoint === 'private' || endpoint === 'import')
  ) {
    const kind = endpoint === 'import' ? 'import' : 'graphql';
    const answer = await checkStorage(storage, exchange, route, body, kind);
    if (answer) return exchange.answer(answer);
  }
  passOn(passage, exchange, way, { path, body });
}

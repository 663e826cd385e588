import type { Generation } from '../../prisma/generation.js';

/** The destination of a request, from its method and path. */
export type Route =
  /** The management API. `serverPath` is its path at the server. */
  | { readonly kind: 'management'; readonly serverPath: string; readonly oldNames: boolean }
  /** A service's data. `key` is the same for all spellings of one service and stage. */
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly stage: string;
      readonly key: string;
      readonly endpoint: 'graphql' | 'import' | 'export' | 'private';
    }
  /** A WebSocket to a service's data. */
  | {
      readonly kind: 'subscription';
      readonly service: string;
      readonly stage: string;
      readonly key: string;
    }
  /** Requests without data: pages for browsers, and preflight requests. */
  | { readonly kind: 'page'; readonly area: 'management' | 'data' }
  | { readonly kind: 'health' }
  /** Not forwarded. */
  | { readonly kind: 'closed'; readonly status: 400 | 404 | 405; readonly reason: string };

/** Input of {@link routeOf}. */
export interface RequestLine {
  readonly method: string;
  /** As received, with the query. */
  readonly target: string;
  readonly isUpgrade: boolean;
}

/**
 * Path of the management API, and the first segments under which servers have, or may have, more of
 * it. The gateway offers `/cluster` on C as well, for CLIs up to 1.7, which know no other path.
 */
const MANAGEMENT: Readonly<Record<Generation, { at: readonly string[]; owns: readonly string[] }>> =
  {
    A: { at: ['cluster'], owns: ['cluster'] },
    B: { at: ['management', 'cluster'], owns: ['management', 'cluster'] },
    C: { at: ['management', 'cluster'], owns: ['management'] },
  };

const ENDPOINTS = ['import', 'export', 'private'] as const;
const PASSIVE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** No database accepts longer names, so remembering them would be useless. */
const LONGEST_NAME = 200;
const METHODS = [...PASSIVE_METHODS, 'POST', 'PUT', 'PATCH', 'DELETE'];

const closed = (status: 400 | 404 | 405, reason: string): Route => ({
  kind: 'closed',
  status,
  reason,
});

/** The destination of a request to a server of `generation`. */
export function routeOf({ method, target, isUpgrade }: RequestLine, generation: Generation): Route {
  if (!METHODS.includes(method)) return closed(405, `${method} is not answered here.`);
  const segments = readPath(target);
  if (segments === undefined) return closed(400, 'The path cannot be read.');
  const [first = ''] = segments;
  const { at, owns } = MANAGEMENT[generation];
  const isPassive = PASSIVE_METHODS.includes(method) && !isUpgrade;
  if (isPassive && method !== 'OPTIONS' && segments.length === 1 && first === 'healthz') {
    return { kind: 'health' };
  }
  const isManagement = at.includes(first) && segments.length === 1;
  if (isManagement || owns.includes(first)) {
    if (isPassive) return { kind: 'page', area: 'management' };
    if (isUpgrade) return closed(404, 'There are no subscriptions at the management API.');
    if (!isManagement) return closed(404, `Below /${first} nothing is passed on.`);
    const oldNames = generation === 'C' && first === 'cluster';
    return { kind: 'management', serverPath: oldNames ? '/management' : `/${first}`, oldNames };
  }
  if (isPassive) return { kind: 'page', area: 'data' };
  return serviceRoute(segments, isUpgrade);
}

function serviceRoute(segments: readonly string[], isUpgrade: boolean): Route {
  const last = ENDPOINTS.find((name) => segments.length > 1 && name === segments.at(-1));
  const names = last === undefined ? segments : segments.slice(0, -1);
  const areNames = names.length <= 3 && names.every(({ length }) => length <= LONGEST_NAME);
  if (names.length === 0 || !areNames) {
    return closed(404, 'Services are at /<service>/<stage>.');
  }
  const [service = '', stage = 'default'] =
    names.length === 3 ? [names.slice(0, 2).join('~'), names[2]] : names;
  // Some databases ignore the case of names, so that one service has many spellings.
  const key = `${service}/${stage}`.toLowerCase();
  if (isUpgrade) return { kind: 'subscription', service, stage, key };
  return { kind: 'service', service, stage, key, endpoint: last ?? 'graphql' };
}

const MOST = 1_000;
const LONGEST_TARGET = 256;

/** A {@link routeOf} that remembers its last results. */
export function rememberedRoutes(generation: Generation): (line: RequestLine) => Route {
  /** Routes of frequent requests (POST, no upgrade) by target. */
  const routes = new Map<string, Route>();
  return (line) => {
    const { method, target, isUpgrade } = line;
    if (method !== 'POST' || isUpgrade) return routeOf(line, generation);
    const known = routes.get(target);
    if (known !== undefined) return known;
    const route = routeOf(line, generation);
    if (target.length > LONGEST_TARGET) return route;
    if (routes.size >= MOST) routes.clear();
    routes.set(target, route);
    return route;
  };
}

/** The characters of an ordinary request target, after its first slash. */
const TARGET = /^\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*$/;
/** A decoded segment without characters that another program could take for a separator. */
const SEGMENT = /^(?!\.{1,2}$)[^/\\\p{C}]+$/u;

/**
 * The decoded segments of a request target, without its query; `/` has none, one slash at the end
 * is accepted. `undefined` for targets that two programs could read in two ways: empty or dot
 * segments, encoded slashes, broken escapes, anything but an absolute path.
 */
export function readPath(target: string): readonly string[] | undefined {
  if (!TARGET.test(target)) return undefined;
  const [path = ''] = target.split('?', 1);
  const raw = path.slice(1).split('/');
  if (raw.at(-1) === '') raw.pop();
  try {
    const segments = raw.map(decodeURIComponent);
    return segments.every((segment) => SEGMENT.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

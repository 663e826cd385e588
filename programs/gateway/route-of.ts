import type { Generation } from '../../prisma/generation.js';
import {
  ENDPOINTS,
  isManagementPath,
  MANAGEMENT_PATHS,
  SERVICE_NAME,
  STAGE_NAME,
} from '../../prisma/service-names.js';

/** A service and stage. `key` is the same for all spellings. */
interface ServiceRoute {
  readonly service: string;
  readonly stage: string;
  readonly key: string;
  /**
   * Path at the server, without the query. It names service and stage in full, so that every server
   * reads it as the gateway does.
   */
  readonly serverPath: string;
}

/** The destination of a request, from its method and path. */
export type Route =
  /** The management API. `oldNames`: its path has old field names. */
  | { readonly kind: 'management'; readonly serverPath: string; readonly oldNames: boolean }
  /** A service's data. */
  | (ServiceRoute & {
      readonly kind: 'service';
      readonly endpoint: 'graphql' | 'import' | 'export' | 'private' | '_datamodel';
    })
  /** A WebSocket to a service's data. */
  | (ServiceRoute & { readonly kind: 'subscription' })
  /** Requests without data: pages for browsers, and preflight requests. */
  | {
      readonly kind: 'page';
      readonly area: 'management' | 'data';
      readonly serverPath: string;
    }
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

const PASSIVE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
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
  const isPassive = PASSIVE_METHODS.includes(method) && !isUpgrade;
  if (isPassive && method !== 'OPTIONS' && segments.length === 1 && first === 'healthz') {
    return { kind: 'health' };
  }
  // The gateway offers /cluster on C as well, for CLIs up to 1.7, which know no other path.
  const isAlias = generation === 'C' && first === 'cluster' && segments.length === 1;
  if (isAlias || isManagementPath(first, generation)) {
    const isExact = isAlias || MANAGEMENT_PATHS[generation].includes(first);
    // Below, servers up to 1.26 have what only they themselves may read.
    if (!isExact || segments.length > 1)
      return closed(404, `Nothing below /${first} is passed on.`);
    if (isUpgrade) return closed(404, 'There are no subscriptions at the management API.');
    const serverPath = isAlias ? '/management' : `/${first}`;
    if (isPassive) return { kind: 'page', area: 'management', serverPath };
    return { kind: 'management', serverPath, oldNames: isAlias };
  }
  if (isPassive) return { kind: 'page', area: 'data', serverPath: pathOf(segments) };
  return serviceRoute(segments, isUpgrade, generation);
}

function serviceRoute(
  segments: readonly string[],
  isUpgrade: boolean,
  generation: Generation,
): Route {
  const last = isUpgrade ? undefined : endpointOf(segments.at(-1), generation);
  const names = last === undefined ? segments : segments.slice(0, -1);
  const spaces = names.length === 3 ? names.slice(0, 1) : [];
  const [name = 'default', stage = 'default', ...more] = names.slice(spaces.length);
  const service = [...spaces, name].join('~');
  const areNames = more.length === 0 && SERVICE_NAME.test(service) && STAGE_NAME.test(stage);
  if (!areNames || endpointOf(stage, generation) !== undefined) {
    return closed(404, 'Services are at /<service>/<stage>.');
  }
  // Some databases ignore the case of names, so that one service has many spellings.
  const key = `${service}/${stage}`.toLowerCase();
  const path = [...spaces, name, stage, ...(last === undefined ? [] : [last])];
  const route = { service, stage, key, serverPath: pathOf(path) };
  if (isUpgrade) return { kind: 'subscription', ...route };
  return { kind: 'service', ...route, endpoint: last ?? 'graphql' };
}

function endpointOf(segment: string | undefined, generation: Generation) {
  if (generation === 'C' && segment === '_datamodel') return segment;
  return ENDPOINTS.find((name) => name === segment);
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

/** The target of a request to the server: the route's path, and the query as received. */
export function serverTarget(serverPath: string, target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? serverPath : `${serverPath}${target.slice(query)}`;
}

/** The characters of an ordinary request target, after its first slash. */
const TARGET = /^\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*$/;
/** A decoded segment without characters that another program could take for a separator. */
const SEGMENT = /^(?!\.{1,2}$)[^/\\\p{C}]+$/u;

/**
 * The decoded segments of a request target, without its query. Empty segments do not count, as on
 * servers from 1.27 on. `undefined` for targets that two programs could read in two ways: dot
 * segments, encoded slashes, broken escapes, anything but an absolute path.
 */
export function readPath(target: string): readonly string[] | undefined {
  if (!TARGET.test(target)) return undefined;
  const [path = ''] = target.split('?', 1);
  try {
    const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
    return segments.every((segment) => SEGMENT.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

const pathOf = (segments: readonly string[]): string =>
  `/${segments.map(encodeURIComponent).join('/')}`;

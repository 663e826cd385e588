import type { Activation } from './faults.js';

/** What a handler knows of the request it answers. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; `{}` when there is none. */
  readonly body: unknown;
  /** `http://host:port`, for links. */
  readonly origin: string;
  /** Throws 403 unless the token carries `scope`, e.g. `tag:create`. */
  need(scope: string): void;
  /** How a droplet made by this call comes up, when a fault says so. */
  readonly activation: Activation | undefined;
}

/** `body` is sent as JSON; without one the answer is empty. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** One method on one path; `:name` in the path is a parameter. `scope` undefined: any token. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly scope: string | undefined;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** A {@link Route} in one line. */
export function route(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  scope: string | undefined,
  handle: Route['handle'],
): Route {
  return { method, path, scope, handle };
}

/** The route for a request and its parameters; the first that fits wins. */
export function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const one of routes) {
    if (one.method !== method) continue;
    const params = match(one.path, path);
    if (params) return { route: one, params };
  }
  return undefined;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/+$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(actual);
    else if (part !== actual) return undefined;
  }
  return params;
}

/** 204, as the API answers deletions. */
export const noContent: Reply = { status: 204 };

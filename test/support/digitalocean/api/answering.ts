import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiError,
  badRequest,
  forbidden,
  notFound,
  preconditionFailed,
  serverError,
  tooManyRequests,
  unauthorized,
  unprocessable,
} from './api-error.js';
import { type Faults, isProbe, type Misfortune } from './faults.js';
import type { LoggedRequest } from './request-log.js';
import { findRoute, type Reply, type Route } from './route.js';
import type { World } from './world.js';

interface Parts {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly controls: readonly Route[];
  readonly faults: Faults;
  readonly requests: LoggedRequest[];
  readonly tokens: Readonly<Record<string, '*' | readonly string[]>>;
}

/** The way of every request: token, rate, fault, route, scope, handler, answer, log. */
export function answering(parts: Parts): RequestListener {
  const { world, faults, requests } = parts;
  const faultyCall = (method: string, path: string, body: string) => ({
    method,
    path,
    pattern: findRoute(parts.routes, method, path)?.route.path ?? path,
    isProbe: isProbe(method, path, body),
  });
  return async (request, response) => {
    const origin = `http://${request.headers.host}`;
    const url = new URL(request.url ?? '/', origin);
    const { method = 'GET' } = request;
    const requestId = randomUUID();
    const text = await textOf(request).catch(() => undefined);
    if (text === undefined) return;
    const control = findRoute(parts.controls, method, url.pathname);
    const met = control ? undefined : faults.meet(faultyCall(method, url.pathname, text));
    const log = (outcome: LoggedRequest['outcome']) => {
      if (control) return;
      const at = new Date(world.now()).toISOString();
      requests.push({ method, path: url.pathname, query: url.search, outcome, at });
    };
    if (met === 'no-answer') return log('no-answer');
    const isSilent = typeof met === 'object' && 'silentMs' in met;
    if (isSilent) await pause(met.silentMs);
    if (met === 'reset' || isSilent) {
      log('reset');
      return void request.socket.resetAndDestroy();
    }
    const handle = async (): Promise<Reply> => {
      world.schedule.look();
      const body = bodyFrom(text);
      const call = { query: url.searchParams, body, origin, activation: activationOf(met) };
      if (control) {
        return control.route.handle({ ...call, params: control.params, need: () => {} });
      }
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const scopes = Object.hasOwn(parts.tokens, token) ? parts.tokens[token] : undefined;
      if (!scopes) throw unauthorized();
      const refusal = refusalOf(met);
      if (refusal) throw refusal;
      world.injected.actionFails = typeof met === 'object' && 'action' in met;
      const found = findRoute(parts.routes, method, url.pathname);
      if (!found) throw notFound();
      const need = (scope: string) => {
        if (scopes !== '*' && !scopes.includes(scope)) throw forbidden();
      };
      if (found.route.scope) need(found.route.scope);
      if (world.account.status === 'locked' && method !== 'GET') throw forbidden();
      return found.route.handle({ ...call, params: found.params, need });
    };
    const answer = await handle().then(
      (reply) => ({ ...reply, headers: {} }),
      (error: unknown) => errorReply(error, requestId),
    );
    if (met === 'answer-lost') {
      log('answer-lost');
      return void request.socket.resetAndDestroy();
    }
    log(answer.status);
    send(response, answer, { ...answer.headers, 'x-request-id': requestId });
  };
}

function send(
  response: ServerResponse,
  { status, body }: Reply,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function errorReply(error: unknown, requestId: string) {
  const known = error instanceof ApiError ? error : serverError();
  const { status, id, message, headers } = known;
  // A mistake of the fake itself must not look like an injected fault.
  const detail = known === error ? message : `${message}: ${String(error)}`;
  return { status, headers, body: { id, message: detail, request_id: requestId } };
}

function refusalOf(met: Misfortune | undefined): ApiError | undefined {
  if (typeof met !== 'object' || !('status' in met)) return undefined;
  if (met.status === 404) return notFound();
  if (met.status === 412) return preconditionFailed('a precondition is not met');
  if (met.status === 422) return unprocessable('request payload validation failed');
  if (met.status === 429) return tooManyRequests(met.retryAfterSeconds ?? 1);
  return serverError(met.status);
}

const activationOf = (met: Misfortune | undefined) =>
  typeof met === 'object' && 'activation' in met ? met.activation : undefined;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function bodyFrom(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw badRequest('Your request body was malformed.');
}

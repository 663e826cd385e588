import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Generation } from '../../../prisma/generation.js';
import type { Log } from '../../log.js';
import { newId } from '../api/new-id.js';
import { ApiError } from '../api-error.js';
import { readJson } from './read-body.js';
import { type HttpReply, hide, refusal, runGraphql } from './run-graphql.js';
import type { ServiceApis } from './service-api.js';

/** The handlers of the server. */
export interface ServerProps {
  readonly generation: Generation;
  readonly version: string;
  readonly management: { readonly schema: GraphQLSchema; readonly rootValue: object };
  readonly services: ServiceApis;
  readonly now: () => Date;
  readonly log: Log;
}

const MANAGEMENT_PATHS: Record<Generation, readonly [string, ...string[]]> = {
  A: ['/cluster'],
  B: ['/management', '/cluster'],
  C: ['/management'],
};

/** The HTTP server, not yet listening. POST is an API; GET returns a page for people. */
export function createServer(props: ServerProps): Server {
  const server = createHttpServer({ requestTimeout: 60_000, headersTimeout: 10_000 });
  server.on('request', async (request, response) => {
    const requestId = `local:${newId(props.now())}`;
    const [pathname = '/'] = (request.url ?? '/').split('?');
    if (request.method === 'GET' || request.method === 'HEAD') {
      const isStatus = pathname === '/status' && props.generation === 'C';
      response.writeHead(200, {
        'content-type': isStatus ? 'application/json' : 'text/html; charset=utf-8',
        'content-security-policy': PAGE_POLICY,
        'x-content-type-options': 'nosniff',
      });
      response.end(isStatus ? '"OK"' : page(props.version, MANAGEMENT_PATHS[props.generation][0]));
      return;
    }
    const { status, body } = await answer(props, request, pathname, requestId);
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': 'application/json', 'Request-Id': requestId });
    response.end(JSON.stringify(body));
  });
  server.on('upgrade', (_, socket) => {
    const text = 'Subscriptions are not supported by this server.';
    socket.end(`HTTP/1.1 501 Not Implemented\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  });
  return server;
}

async function answer(
  props: ServerProps,
  request: IncomingMessage,
  pathname: string,
  requestId: string,
): Promise<HttpReply> {
  const { log, management, services } = props;
  const { authorization } = request.headers;
  try {
    if (request.method !== 'POST') {
      throw new ApiError(undefined, 'Only GET and POST are answered.', 400);
    }
    const body = await readJson(request);
    if (MANAGEMENT_PATHS[props.generation].includes(pathname)) {
      return await runGraphql({ ...management, context: { authorization }, body, requestId, log });
    }
    const [name = '', stage = 'default', extra] = pathname
      .split('/')
      .slice(1)
      .map(decodeURIComponent);
    const service = await services.open(name, stage, authorization);
    if (extra) throw new ApiError(1001, `'${extra}' is not supported by this server.`);
    return await runGraphql({ ...service, body, requestId, log });
  } catch (error) {
    if (error instanceof URIError) return { status: 400, body: refusal(error, requestId) };
    if (error instanceof ApiError) {
      return { status: error.httpStatus, body: refusal(error, requestId) };
    }
    const hidden = hide(error, `at ${pathname}`, requestId, log);
    return { status: 200, body: refusal(hidden, requestId) };
  }
}

/** The page loads nothing. */
export const PAGE_POLICY = "default-src 'none'";

/**
 * The page for browsers at the address of the server or of a service.
 * @param path of the management API
 */
export const page = (version: string, path: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>clusterkit dev server</title>
<h1>clusterkit dev server</h1>
<p>Version ${version}: the small server that is bundled with clusterkit. It speaks the protocol of
Prisma 1 for local work; it is not the server of that name.</p>
<p>It answers GraphQL by POST:</p>
<ul><li><code>${path}</code>: services and deployments, with a cluster token</li>
<li><code>/&lt;service&gt;/&lt;stage&gt;</code>: the data of a service, with a token when it has a
secret (<code>prisma token</code>)</li></ul></html>
`;

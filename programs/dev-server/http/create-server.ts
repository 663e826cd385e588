import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { DERIVED_HEADER, DERIVED_VALUE } from '../../../prisma/derived-mark.js';
import type { Generation } from '../../../prisma/generation.js';
import { newId } from '../api/new-id.js';
import { ApiError } from '../api-error.js';
import { QuerySize } from './query-size.js';
import { parseBody, readBody } from './read-body.js';
import { runBatch } from './run-batch.js';
import { type HttpReply, type Presenting, present, refusal, runGraphql } from './run-graphql.js';
import type { ServiceApis } from './service-api.js';
import { Turns } from './turns.js';

/** The handlers of the server. */
export interface ServerProps extends Presenting {
  readonly generation: Generation;
  readonly version: string;
  readonly management: { readonly schema: GraphQLSchema; readonly rootValue: object };
  /** Cluster tokens may be signed with the secret derived from the key pair. */
  readonly acceptsDerived: boolean;
  readonly services: ServiceApis;
  readonly now: () => Date;
}

const MANAGEMENT_PATHS: Record<Generation, readonly [string, ...string[]]> = {
  A: ['/cluster'],
  B: ['/management', '/cluster'],
  C: ['/management'],
};

/** The HTTP server, not yet listening. POST is an API; GET returns a page for people. */
export function createServer(props: ServerProps): Server {
  const server = createHttpServer({ requestTimeout: 60_000, headersTimeout: 10_000 });
  const turns = new Turns();
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
    const { status, body } = await answer(props, turns, request, pathname, requestId);
    if (response.destroyed) return;
    const isManagement = MANAGEMENT_PATHS[props.generation].includes(pathname);
    response.writeHead(status, {
      ...{ 'content-type': 'application/json', 'Request-Id': requestId },
      ...(isManagement && props.acceptsDerived && { [DERIVED_HEADER]: DERIVED_VALUE }),
    });
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
  turns: Turns,
  request: IncomingMessage,
  pathname: string,
  requestId: string,
): Promise<HttpReply> {
  let size = 0;
  try {
    if (request.method !== 'POST') {
      throw new ApiError(undefined, 'Only GET and POST are answered.', 400);
    }
    const body = await readBody(request, (bytes) => {
      turns.take(bytes);
      size += bytes;
    });
    const { authorization } = request.headers;
    return await turns.run(() => run(props, pathname, authorization, body, requestId));
  } catch (error) {
    if (error instanceof URIError) return { status: 400, body: refusal(error, requestId) };
    const shown = present(error, `at ${pathname}`, requestId, props);
    return { status: shown.httpStatus, body: refusal(shown, requestId) };
  } finally {
    turns.take(-size);
  }
}

async function run(
  { generation, management, services, log, reasonFor }: ServerProps,
  pathname: string,
  authorization: string | undefined,
  bytes: Buffer,
  requestId: string,
): Promise<HttpReply> {
  const common = { requestId, log, reasonFor, size: new QuerySize() };
  if (MANAGEMENT_PATHS[generation].includes(pathname)) {
    const body = parseBody(bytes);
    return runGraphql({ ...management, context: { authorization }, body, ...common });
  }
  const [name = '', stage = 'default', extra] = pathname
    .split('/')
    .slice(1)
    .map(decodeURIComponent);
  const service = await services.open(name, stage, authorization);
  if (extra) throw new ApiError(1001, `'${extra}' is not supported by this server.`);
  return runBatch(parseBody(bytes), (body) => runGraphql({ ...service, body, ...common }));
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

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
}

/** An answer: `body` is sent as JSON, a string as it is, `undefined` never. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A tiny HTTP server on loopback, for one test, that answers as it is told. */
export async function managementServer(answer: (request: SeenRequest) => Answer) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method, url: path, headers } = request;
    const query = /^\{/.test(text) ? String(JSON.parse(text).query) : '';
    const one = { method, path, headers, query };
    seen.push(one);
    const { status = 200, headers: extra = {}, body } = answer(one);
    if (body === undefined) return;
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** An address on loopback where nothing listens. */
export async function silentHost(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A refusal as real servers word it: HTTP 200, code 3015. */
export const refusal = (why: string, field = 'listProjects') => ({
  body: {
    data: null,
    errors: [
      {
        message: `Authentication token is invalid: ${why}`,
        path: [field],
        locations: [{ line: 1, column: 3 }],
        requestId: 'local:cjk1',
        code: 3015,
      },
    ],
  },
});

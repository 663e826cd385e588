import { createServer, type Server } from 'node:http';
import type { Metrics } from './metrics.js';

/** The port for those who run the gateway: `/metrics` for Prometheus, `/healthz`. Not yet listening. */
export function createAdminServer(metrics: Metrics, isStopping: () => boolean): Server {
  return createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000 },
    async (request, response) => {
      const [path] = (request.url ?? '').split('?', 1);
      request.resume();
      if (path === '/metrics') {
        const { type, text } = await metrics.read();
        response.writeHead(200, { 'content-type': type }).end(text);
      } else if (path === '/healthz') {
        const status = isStopping() ? 503 : 200;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ status: isStopping() ? 'stopping' : 'ok' }));
      } else {
        response.writeHead(404).end();
      }
    },
  );
}

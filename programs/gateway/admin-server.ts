import { createServer, type Server } from 'node:http';
import type { UsageReport } from '../../prisma/usage-report.js';
import { reasonOf } from '../log.js';
import type { Metrics } from './metrics.js';

/**
 * The port for those who run the gateway: `/metrics` for Prometheus, `/healthz`, and `/usage` for the
 * kit. Not yet listening.
 */
export function createAdminServer({
  metrics,
  usage,
  isStopping,
}: {
  readonly metrics: Metrics;
  readonly usage: () => Promise<UsageReport>;
  readonly isStopping: () => boolean;
}): Server {
  return createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000 },
    async (request, response) => {
      const [path] = (request.url ?? '').split('?', 1);
      request.resume();
      const json = (status: number, body: unknown) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body));
      const unknown = (error: unknown) =>
        json(503, { error: `cannot be measured: ${reasonOf(error)}` });
      if (path === '/metrics') {
        await metrics
          .read()
          .then(
            ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
            unknown,
          );
      } else if (path === '/usage') {
        await usage().then((report) => json(200, report), unknown);
      } else if (path === '/healthz') {
        json(isStopping() ? 503 : 200, { status: isStopping() ? 'stopping' : 'ok' });
      } else {
        response.writeHead(404).end();
      }
    },
  );
}

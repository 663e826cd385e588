import { createServer, type Server } from 'node:http';
import type { FunctionsReport } from '../../cluster/functions/functions-report.js';

/** For the container itself: its health, and how the functions are. Not yet listening. */
export function createReportServer(report: () => FunctionsReport): Server {
  const limits = { headersTimeout: 5_000, requestTimeout: 5_000 };
  return createServer(limits, (request, response) => {
    request.resume();
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/functions') json(200, report());
    else if (request.url === '/healthz') {
      const { wakerProblem } = report();
      json(wakerProblem === undefined ? 200 : 503, { status: wakerProblem ?? 'ok' });
    } else response.writeHead(404).end();
  });
}

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small server on a free port of loopback, to stand behind a gateway. */
export interface OriginServer {
  readonly http: Server;
  readonly url: string;
  /** Connections that were ever made to it. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export async function startOrigin(listener: RequestListener): Promise<OriginServer> {
  const http = createServer({ keepAliveTimeout: 30_000 }, listener);
  let connections = 0;
  http.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    http,
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

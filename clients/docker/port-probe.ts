import { createServer } from 'node:net';
import { hasCode } from '../../lib/errors.js';

/** Whether this machine lets a program listen: `unknown` where it has no such address. */
export function canListen(port: number, host: string): Promise<'free' | 'taken' | 'unknown'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(hasCode(error, 'EADDRINUSE', 'EACCES') ? 'taken' : 'unknown'),
    );
    // Without it `::` also takes the port of IPv4.
    server.listen({ port, host, ipv6Only: host.includes(':') }, () =>
      server.close(() => resolve('free')),
    );
  });
}

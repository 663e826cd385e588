import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TestCertificate } from './certificates.js';

/** Accepted, and ready for a query. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const WELCOME = Buffer.concat([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]), READY]);
const SELECTED = Buffer.from('C\0\0\0\rSELECT 1\0', 'latin1');

/** The user of whom the database takes nothing, while it sends without end. */
export const FLOODED = 'flooded';

/** The first message of a client. */
export function startUp(user: string): Buffer {
  const text = Buffer.from(`user\0${user}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + text.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, text]);
}

/** Sends without end, as fast as the other side takes. */
export function flood(socket: Socket): void {
  const chunk = Buffer.alloc(64 * 1024, 1);
  const fill = () => {
    while (socket.write(chunk));
  };
  socket.on('drain', fill);
  fill();
}

/**
 * PostgreSQL as far as a relay sees it, with TLS: thousands of connections to a real one would take minutes.
 * It lets everybody in, and answers every query with no rows.
 */
export async function scriptedPostgres(
  host: string,
  port: number,
  { certificate, key }: TestCertificate,
) {
  const secureContext = createSecureContext({ cert: certificate, key });
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (raw) => {
    sockets.add(raw.on('error', () => {}));
    raw.once('close', () => sockets.delete(raw));
    raw.once('data', () => {
      raw.write('S');
      const socket = new TLSSocket(raw, { isServer: true, secureContext });
      socket.on('error', () => {});
      socket.once('data', (first: Buffer) => {
        socket.write(WELCOME);
        if (first.includes(FLOODED)) {
          socket.pause();
          flood(socket);
          return;
        }
        socket.on('data', (message: Buffer) => {
          if (message[0] === 0x51) socket.write(Buffer.concat([SELECTED, READY]));
        });
        socket.on('end', () => socket.end());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP server and its connections. */
export interface Connections {
  readonly http: Server;
  /** Open tunnels. */
  readonly tunnels: ReadonlySet<Duplex>;
  /** All client connections, also those without a request and those of tunnels. */
  readonly connections: ReadonlySet<Socket>;
}

/** WebSocket close frame with the code 1001: the server goes away. */
const GOING_AWAY = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
const LOOK_MS = 50;

/**
 * Accepts no more connections, lets running requests finish for `drainMs`, and closes the rest.
 * WebSockets never end by themselves: clients receive a close frame and connect again.
 */
export async function drain(
  { http, tunnels, connections }: Connections,
  drainMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const tunnel of tunnels) tunnel.end(GOING_AWAY);
  // Idle connections are closed as requests end. Node does not count those that never had a
  // request.
  const closeIdle = () => {
    http.closeIdleConnections();
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  };
  closeIdle();
  const look = setInterval(closeIdle, LOOK_MS);
  const deadline = setTimeout(() => {
    for (const socket of connections) socket.destroy();
  }, drainMs);
  await closed;
  clearInterval(look);
  clearTimeout(deadline);
  for (const tunnel of tunnels) tunnel.destroy();
}

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';

/** Limit of unanswered requests on one connection; hardly any client sends a second one. */
const MOST_UNANSWERED = 10;

/** The state of one client connection. */
export class ClientConnection {
  /** The last unanswered request. */
  newest: Exchange | undefined;
  #unanswered = 0;

  /** Whether requests wait for their answers. */
  get isBusy(): boolean {
    return this.#unanswered > 0;
  }

  /** `false` when the connection has too many requests. */
  begin(exchange: Exchange): boolean {
    if (this.#unanswered >= MOST_UNANSWERED) return false;
    this.#unanswered += 1;
    this.newest = exchange;
    return true;
  }

  end(exchange: Exchange): void {
    this.#unanswered -= 1;
    if (this.newest === exchange) this.newest = undefined;
  }
}

/** All open client connections, also those without a request. */
export class ClientConnections {
  readonly #all = new Map<object, ClientConnection>();

  constructor(
    http: Server,
    private readonly open = new Set<Socket>(),
  ) {
    http.on('connection', (socket) => {
      if (this.open.has(socket)) return;
      this.open.add(socket);
      this.#all.set(socket, new ClientConnection());
      socket.once('close', () => {
        this.open.delete(socket);
        this.#all.delete(socket);
      });
    });
  }

  get sockets(): ReadonlySet<Socket> {
    return this.open;
  }

  of(socket: object): ClientConnection | undefined {
    return this.#all.get(socket);
  }
}

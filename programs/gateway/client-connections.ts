import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';

/** So many requests of one connection may be without an answer; hardly any client sends a second. */
const MOST_UNANSWERED = 10;

/** What is going on at one connection of a client. */
export class ClientConnection {
  /** The last request that has no answer yet. */
  newest: Exchange | undefined;
  #unanswered = 0;

  /** Whether requests wait for their answers. */
  get isBusy(): boolean {
    return this.#unanswered > 0;
  }

  /** `false` when there are too many already. */
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

/** All connections of clients that are open, those without a request too. */
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

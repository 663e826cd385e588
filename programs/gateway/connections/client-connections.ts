import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.js';
import { answerText, type OwnAnswer, refusal } from '../../own-answer.js';
import type { Exchange } from '../exchange.js';
import { plainAddress } from '../sources.js';
import { sourceOf } from './source-of.js';

/** Limits of connections. */
export interface ConnectionLimits {
  readonly connections: number;
  readonly perSource: number;
  /** Addresses that stand for many clients: proxies, and the engine's port forwarder. */
  readonly isShared: (address: string) => boolean;
  /** Address of the engine's port forwarder. */
  readonly forwarder: string | undefined;
}

/** Limit of unanswered requests on one connection; hardly any client sends a second one. */
const MOST_UNANSWERED = 10;
/** Younger connections are not closed for others: their request may be on the way. */
const YOUNG_MS = 1_000;
/** Limit of refused connections that read their refusal; those beyond it are closed without one. */
const MOST_LEAVING = 200;
/**
 * Limit of connections of the engine's port forwarder that the gateway has ended and the client has
 * not: the forwarder keeps both sides until then.
 */
const MOST_HELD = 500;

/** The state of one client connection. */
export class ClientConnection {
  /** The last unanswered request. */
  newest: Exchange | undefined;
  #unanswered = 0;

  constructor(
    readonly socket: Socket,
    readonly source: string,
    /** Since when it has no request. */
    public idleSince: number,
  ) {}

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

  end(exchange: Exchange, now: number): void {
    this.#unanswered -= 1;
    this.idleSince = now;
    if (this.newest === exchange) this.newest = undefined;
  }
}

/**
 * All open client connections, also those without a request. When there are too many, of one source
 * or of all, the longest idle one is closed for a new one; without an idle one, the new one is refused.
 */
export class ClientConnections {
  readonly #bySocket = new Map<object, ClientConnection>();
  readonly #bySource = new Map<string, Set<ClientConnection>>();
  readonly #open = new Set<Socket>();
  readonly #leaving = new Set<Socket>();
  #isAccepting = true;

  constructor(
    http: Server,
    private readonly limits: ConnectionLimits,
    private readonly clock: Clock,
    private readonly on: {
      readonly refused: (status: number, address: string) => void;
      /** New connections must not even be accepted: the forwarder closes its side then; or again. */
      readonly accepting: (isOpen: boolean) => void;
    },
  ) {
    http.on('connection', (socket) => {
      if (!this.#bySocket.has(socket)) this.#take(socket);
    });
  }

  /** All of them, also those that are being refused. */
  get sockets(): ReadonlySet<Socket> {
    return this.#open;
  }

  of(socket: object): ClientConnection | undefined {
    return this.#bySocket.get(socket);
  }

  /** A WebSocket: busy until it ends. */
  keep(connection: ClientConnection): void {
    connection.idleSince = Number.POSITIVE_INFINITY;
  }

  #take(socket: Socket): void {
    const { remoteAddress = '' } = socket;
    const source = sourceOf(remoteAddress);
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#left(socket);
      this.#forget(this.#bySocket.get(socket));
    });
    const full = this.#makeRoom(source, remoteAddress);
    if (full !== undefined) {
      this.#refuse(socket, full);
      return;
    }
    const connection = new ClientConnection(socket, source, this.clock.now());
    this.#bySocket.set(socket, connection);
    const others = this.#bySource.get(source) ?? new Set();
    this.#bySource.set(source, others.add(connection));
  }

  /** The refusal when there is no room, and none can be made. */
  #makeRoom(source: string, address: string): OwnAnswer | undefined {
    const { connections, perSource, isShared } = this.limits;
    const own = this.#bySource.get(source);
    if ((own?.size ?? 0) >= perSource && !isShared(address)) {
      if (!this.#closeIdle(own)) return fullOf(`your address has ${perSource} open`, perSource);
    }
    if (this.#bySocket.size < connections) return undefined;
    // Who has most gives way first.
    const sources = [...this.#bySource.values()].sort((one, other) => other.size - one.size);
    if (sources.some((each) => this.#closeIdle(each))) return undefined;
    return fullOf(`${connections} are open`, connections);
  }

  #closeIdle(connections: ReadonlySet<ClientConnection> | undefined): boolean {
    let idlest: ClientConnection | undefined;
    for (const each of connections ?? []) {
      if (!each.isBusy && each.idleSince < (idlest?.idleSince ?? this.clock.now() - YOUNG_MS)) {
        idlest = each;
      }
    }
    if (idlest === undefined) return false;
    this.close(idlest.socket);
    return true;
  }

  #forget(connection: ClientConnection | undefined): void {
    if (connection === undefined) return;
    this.#bySocket.delete(connection.socket);
    const others = this.#bySource.get(connection.source);
    others?.delete(connection);
    if (others?.size === 0) this.#bySource.delete(connection.source);
  }

  /** Ends a connection from this side. */
  close(socket: Socket): void {
    this.#forget(this.#bySocket.get(socket));
    if (this.#isForwarded(socket)) this.#leave(socket);
    else socket.destroy();
  }

  /** Whether a connection is over, and waits for its client only. */
  isLeaving(socket: object): boolean {
    return this.#leaving.has(socket as Socket);
  }

  #refuse(socket: Socket, answer: OwnAnswer): void {
    this.on.refused(answer.status, socket.remoteAddress ?? '');
    if (this.#leaving.size < MOST_LEAVING) socket.write(answerText(answer, 0), 'latin1');
    else if (!this.#isForwarded(socket)) {
      socket.resetAndDestroy();
      return;
    }
    this.#leave(socket);
    if (!this.#isForwarded(socket)) this.clock.after(YOUNG_MS, () => socket.destroy());
  }

  #isForwarded({ remoteAddress }: Socket): boolean {
    return plainAddress(remoteAddress) === this.limits.forwarder;
  }

  #leave(socket: Socket): void {
    this.#leaving.add(socket);
    socket.on('error', () => socket.destroy());
    socket.setKeepAlive(true, 30_000);
    socket.end();
    socket.resume();
    if (this.#leaving.size >= MOST_HELD && this.#isAccepting) this.#accept(false);
  }

  #left(socket: Socket): void {
    this.#leaving.delete(socket);
    if (this.#leaving.size < MOST_HELD / 2 && !this.#isAccepting) this.#accept(true);
  }

  #accept(isOpen: boolean): void {
    this.#isAccepting = isOpen;
    this.on.accepting(isOpen);
  }
}

const fullOf = (what: string, limit: number): OwnAnswer => ({
  ...refusal(
    503,
    'TOO_MANY_CONNECTIONS',
    `There are too many connections: ${what}, and all are in use. The limit is ${limit}.`,
  ),
  retryAfterMs: 1_000,
});

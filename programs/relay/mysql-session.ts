import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type Greeting,
  parseGreeting,
  renderGreeting,
} from '../../clients/database/mysql-greeting.js';
import { logIn, secureMysql } from '../../clients/database/mysql-login.js';
import {
  CAPABILITY,
  errorPayload,
  KIND,
  packet,
  readPacket,
} from '../../clients/database/mysql-packets.js';
import { isAuthResponseOf, NATIVE } from '../../clients/database/mysql-passwords.js';
import { type HandshakeResponse, parseResponse } from '../../clients/database/mysql-response.js';
import { openSocket } from '../../clients/database/sockets.js';
import type { RelaySettings } from './relay-settings.js';
import { type BeginSession, NotAdmitted, type Refusal, type Session, sayLast } from './session.js';

/** Numbers and SQLSTATE of MySQL's own errors: no connection to another source, too many, denied. */
const ERRORS: Readonly<Record<Refusal['kind'], readonly [number, string]>> = {
  unreachable: [1429, 'HY000'],
  'too-many': [1040, '08004'],
  'not-admitted': [1045, '28000'],
};

/** Neither is for clients: their way to the relay is plain, and it knows one password. */
const HIDDEN = CAPABILITY.ssl | CAPABILITY.severalFactors;

/**
 * MySQL: TLS begins in the middle of a login, so the relay takes part in it. The client proves to
 * the relay that it knows the password, in the way that all clients know; the relay proves it to the
 * database, in the way that this wants. Without TLS the relay only passes on.
 */
export const mysqlSessions =
  (settings: RelaySettings): BeginSession =>
  (client) =>
    new MysqlSession(client, settings);

class MysqlSession implements Session {
  /** Number of the next packet to the client; 0: it was not greeted. */
  #sequence = 0;

  constructor(
    private readonly client: Socket,
    private readonly settings: RelaySettings,
  ) {}

  async open(signal: AbortSignal): Promise<Socket | undefined> {
    const { settings } = this;
    const timeoutMs = settings.connectSeconds * 1000;
    const raw = await openSocket(settings, timeoutMs, signal);
    if (settings.ssl === 'disable') return raw;
    try {
      return await this.#logIn(raw, timeoutMs);
    } catch (error) {
      // A connection without a login counts against this machine, until the database gives it up.
      raw.destroy();
      throw error;
    }
  }

  refuse({ kind, message }: Refusal): void {
    const [number, state] = ERRORS[kind];
    const payload = errorPayload(number, message, this.#sequence === 0 ? undefined : state);
    sayLast(this.client, packet(this.#sequence, payload));
  }

  async #logIn(raw: Socket, timeoutMs: number): Promise<Socket | undefined> {
    const { settings } = this;
    const { payload } = await readPacket(raw);
    if (payload.readUInt8() === KIND.error) return this.#end(payload, raw);
    const greeting = parseGreeting(payload);
    const response = await this.#admit(shownTo(greeting));
    const upstream = await secureMysql(raw, greeting, response, settings, timeoutMs);
    const last = await logIn(upstream, greeting, response, settings);
    if (last.payload.readUInt8() === KIND.error) return this.#end(last.payload, upstream);
    this.#say(last.payload);
    return upstream;
  }

  async #admit(greeting: Greeting): Promise<HandshakeResponse> {
    const { settings } = this;
    this.#say(renderGreeting(greeting));
    const response = parseResponse(await this.#hear());
    let { authResponse } = response;
    if ((response.plugin ?? NATIVE) !== NATIVE) {
      const wish = [Buffer.from(`\xfe${NATIVE}\0`, 'latin1'), greeting.nonce, Buffer.alloc(1)];
      this.#say(Buffer.concat(wish));
      authResponse = await this.#hear();
    }
    const user = response.user.toString();
    if (
      user === settings.user &&
      isAuthResponseOf(authResponse, settings.password, greeting.nonce)
    ) {
      return response;
    }
    throw new NotAdmitted(`Access denied for user '${user}' at the relay to the database`);
  }

  #say(payload: Buffer): void {
    this.client.write(packet(this.#sequence, payload));
    this.#sequence += 1;
  }

  async #hear(): Promise<Buffer> {
    const { sequence, payload } = await readPacket(this.client);
    this.#sequence = sequence + 1;
    return payload;
  }

  /** The database's own last word to a client. */
  #end(payload: Buffer, upstream: Socket): undefined {
    sayLast(this.client, packet(this.#sequence, payload));
    upstream.destroy();
  }
}

/** What a client is greeted with instead. */
const shownTo = (greeting: Greeting): Greeting => ({
  ...greeting,
  capabilities: (greeting.capabilities & ~HIDDEN) >>> 0,
  plugin: NATIVE,
  // No NUL, which would end it for some drivers.
  nonce: Buffer.from(Array.from({ length: 20 }, () => randomInt(1, 128))),
});

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
import { type BeginSession, endWith, NotAdmitted, type Refusal, type Session } from './session.js';

/** MySQL's error number and SQLSTATE: source out of reach, too many connections, access denied. */
const ERRORS: Readonly<Record<Refusal['kind'], readonly [number, string]>> = {
  unreachable: [1429, 'HY000'],
  'too-many': [1040, '08004'],
  'not-admitted': [1045, '28000'],
};

/** Hidden from clients: their connection to the relay has no TLS, and the relay has one password. */
const HIDDEN = CAPABILITY.ssl | CAPABILITY.severalFactors;

/**
 * MySQL: TLS starts in the middle of a login, so the relay takes part in it. The client authenticates to
 * the relay with the method that all clients support; the relay authenticates to the database with the
 * method that the database requires. Without TLS the relay only forwards.
 */
export const mysqlSessions =
  (settings: RelaySettings): BeginSession =>
  (client) =>
    new MysqlSession(client, settings);

class MysqlSession implements Session {
  /** Number of the next packet to the client; 0: no greeting was sent. */
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
      // The database counts connections without a login against this machine until they close.
      raw.destroy();
      throw error;
    }
  }

  refuse({ kind, message }: Refusal): void {
    const [number, state] = ERRORS[kind];
    const payload = errorPayload(number, message, this.#sequence === 0 ? undefined : state);
    endWith(this.client, packet(this.#sequence, payload));
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
    this.#send(last.payload);
    return upstream;
  }

  async #admit(greeting: Greeting): Promise<HandshakeResponse> {
    const { settings } = this;
    this.#send(renderGreeting(greeting));
    const response = parseResponse(await this.#receive());
    let { authResponse } = response;
    if ((response.plugin ?? NATIVE) !== NATIVE) {
      const request = [Buffer.from(`\xfe${NATIVE}\0`, 'latin1'), greeting.nonce, Buffer.alloc(1)];
      this.#send(Buffer.concat(request));
      authResponse = await this.#receive();
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

  #send(payload: Buffer): void {
    this.client.write(packet(this.#sequence, payload));
    this.#sequence += 1;
  }

  async #receive(): Promise<Buffer> {
    const { sequence, payload } = await readPacket(this.client);
    this.#sequence = sequence + 1;
    return payload;
  }

  /** Forwards the database's final packet to the client, and closes both connections. */
  #end(payload: Buffer, upstream: Socket): undefined {
    endWith(this.client, packet(this.#sequence, payload));
    upstream.destroy();
  }
}

/** The greeting that a client receives instead. */
const shownTo = (greeting: Greeting): Greeting => ({
  ...greeting,
  capabilities: (greeting.capabilities & ~HIDDEN) >>> 0,
  plugin: NATIVE,
  // No NUL bytes: some drivers stop reading there.
  nonce: Buffer.from(Array.from({ length: 20 }, () => randomInt(1, 128))),
});

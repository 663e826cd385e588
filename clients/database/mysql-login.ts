import type { Socket } from 'node:net';
import type { DatabaseLogin } from './database-login.js';
import type { Greeting } from './mysql-greeting.js';
import { CAPABILITY, KIND, type Packet, packet, readPacket } from './mysql-packets.js';
import { authResponseFor, CACHING, clearAuthResponse, NATIVE } from './mysql-passwords.js';
import { type HandshakeResponse, renderResponse, responseHead } from './mysql-response.js';
import { type DatabaseAddress, secureSocket } from './sockets.js';
import { unreachable } from './unreachable.js';

/** The caching_sha2_password answer that asks for the whole password. */
const FULL_PASSWORD = 4;

/**
 * Starts TLS after a greeting: the client asks for it with the head of its response.
 * @throws Unreachable
 */
export async function secureMysql(
  socket: Socket,
  greeting: Greeting,
  head: Pick<HandshakeResponse, 'capabilities' | 'fixed'>,
  address: DatabaseAddress,
  timeoutMs: number,
): Promise<Socket> {
  if ((greeting.capabilities & CAPABILITY.ssl) === 0) {
    socket.destroy();
    throw unreachable('no-tls', address);
  }
  const capabilities = (head.capabilities | CAPABILITY.ssl) >>> 0;
  socket.write(packet(1, responseHead({ ...head, capabilities })));
  return secureSocket(socket, address, timeoutMs);
}

/**
 * Logs in over TLS, with any authentication method that the server asks for.
 * @param response of the client, with its capabilities and the wanted database
 * @returns the server's last packet: accepted, or an error
 * @throws Error when the server asks for an unknown method
 */
export async function logIn(
  upstream: Socket,
  greeting: Greeting,
  response: HandshakeResponse,
  { password }: Pick<DatabaseLogin, 'password'>,
): Promise<Packet> {
  const wished = authResponseFor(greeting.plugin, password, greeting.nonce);
  const authResponse =
    wished ?? authResponseFor(NATIVE, password, greeting.nonce) ?? clearAuthResponse(password);
  let { plugin } = wished ? greeting : { plugin: NATIVE };
  const always = CAPABILITY.ssl | CAPABILITY.protocol41 | CAPABILITY.secureConnection;
  const capabilities =
    (response.capabilities | always | (greeting.capabilities & CAPABILITY.pluginAuth)) >>> 0;
  upstream.write(packet(2, renderResponse({ ...response, capabilities, plugin, authResponse })));
  for (;;) {
    const { sequence, payload } = await readPacket(upstream);
    const kind = payload.readUInt8();
    if (kind === KIND.ok || kind === KIND.error) return { sequence, payload };
    const answer = (bytes: Buffer) => upstream.write(packet(sequence + 1, bytes));
    if (kind === KIND.switchAuth) {
      const switched = parseSwitch(payload);
      plugin = switched.plugin;
      const next = authResponseFor(plugin, password, switched.nonce);
      if (next === undefined) throw new Error(`it asks for a password by '${plugin}'`);
      answer(next);
    } else if (kind === KIND.moreData && plugin === CACHING) {
      if (payload.at(1) === FULL_PASSWORD) answer(clearAuthResponse(password));
    } else {
      throw new Error(`it sends something else than MySQL during the login (${kind})`);
    }
  }
}

/** A server's request for another method. Without a name it is the one from before MySQL 4.1. */
export function parseSwitch(payload: Buffer): { plugin: string; nonce: Buffer } {
  const end = payload.indexOf(0, 1);
  if (end === -1) return { plugin: 'mysql_old_password', nonce: Buffer.alloc(0) };
  const data = payload.subarray(end + 1);
  return {
    plugin: payload.toString('latin1', 1, end),
    nonce: data.at(-1) === 0 ? data.subarray(0, -1) : data,
  };
}

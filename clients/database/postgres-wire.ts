import type { Socket } from 'node:net';
import { readExactly } from './read-exactly.js';
import { type DatabaseAddress, endIfSilent, openSocket, secureSocket } from './sockets.js';
import { unreachable, unreachableOf } from './unreachable.js';

/** Requests that a client may send in place of a start-up message: each has its own number. */
export const REQUEST = { ssl: 80_877_103, gssEncryption: 80_877_104, cancel: 80_877_102 } as const;

/** PostgreSQL's own limit of a first message. */
const MAX_FIRST_BYTES = 10_000;

/** More than any answer to a first message. */
const MAX_SERVER_BYTES = 65_536;

/** Type of a message about authentication, and its number for a list of mechanisms. */
const AUTHENTICATION = 'R'.charCodeAt(0);
const SASL = 10;

/** Reads a client's first message. @throws Error when the bytes are not one */
export async function readFirstMessage(client: Socket) {
  const head = await readExactly(client, 8);
  const length = head.readInt32BE(0);
  if (length < 8 || length > MAX_FIRST_BYTES) throw new Error('it does not speak PostgreSQL');
  const rest = await readExactly(client, length - 8);
  return { code: head.readInt32BE(4), bytes: Buffer.concat([head, rest]) };
}

/** Reads a server's next message. @throws Error when the bytes are not one */
export async function readServerMessage(server: Socket): Promise<Buffer> {
  const head = await readExactly(server, 5);
  const length = head.readInt32BE(1);
  if (length < 4 || length > MAX_SERVER_BYTES) throw new Error('it does not speak PostgreSQL');
  return Buffer.concat([head, await readExactly(server, length - 4)]);
}

/** The mechanism that binds a login to the TLS connection below it. */
const BOUND_TO_TLS = 'SCRAM-SHA-256-PLUS';

/** A server's list of mechanisms without that for clients with TLS; other messages stay as they are. */
export function withoutChannelBinding(message: Buffer): Buffer {
  const isList = message[0] === AUTHENTICATION && message.readInt32BE(5) === SASL;
  if (!isList) return message;
  const names = message.toString('latin1', 9).split('\0').filter(Boolean);
  const rest = names.filter((name) => name !== BOUND_TO_TLS).map((name) => `${name}\0`);
  const list = Buffer.from(`${rest.join('')}\0`, 'latin1');
  const head = Buffer.from(message.subarray(0, 9));
  head.writeInt32BE(8 + list.length, 1);
  return Buffer.concat([head, list]);
}

/** The message that asks for TLS. */
export function sslRequest(): Buffer {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8, 0);
  message.writeInt32BE(REQUEST.ssl, 4);
  return message;
}

/** An error in PostgreSQL's format, for a client that is starting. @param code SQLSTATE */
export function errorResponse(code: string, message: string): Buffer {
  const fields = ['SFATAL', 'VFATAL', `C${code}`, `M${message.replaceAll('\0', ' ')}`];
  const body = Buffer.from(`${fields.join('\0')}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Opens a connection that is ready for a client's first message. @throws Unreachable */
export async function openPostgresSocket(
  address: DatabaseAddress,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = await openSocket(address, timeoutMs, signal);
  if (address.ssl === 'disable') return socket;
  const heard = endIfSilent(socket, address, timeoutMs);
  try {
    socket.write(sslRequest());
    const answer = (await readExactly(socket, 1)).toString('latin1');
    if (answer === 'N') throw unreachable('no-tls', address);
    if (answer !== 'S') throw unreachable('lost', address, 'it does not speak PostgreSQL');
    return await secureSocket(socket, address, timeoutMs);
  } catch (error) {
    socket.destroy();
    throw unreachableOf(error, address);
  } finally {
    heard();
  }
}

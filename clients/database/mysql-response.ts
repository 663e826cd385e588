import { CAPABILITY, PayloadReader } from './mysql-packets.js';

/** A client's response to a greeting (HandshakeResponse41). */
export interface HandshakeResponse {
  readonly capabilities: number;
  /** Packet size, character set, and a field of MariaDB's clients: 28 bytes. */
  readonly fixed: Buffer;
  readonly user: Buffer;
  /** Answer to the authentication method. At most 250 bytes. */
  readonly authResponse: Buffer;
  /** @default - the server's default */
  readonly database?: Buffer;
  /** Authentication method of the response. @default - the one in the greeting */
  readonly plugin?: string;
  /** Attributes of the connection, and everything after them. */
  readonly rest: Buffer;
}

/** Length of capabilities and {@link HandshakeResponse.fixed}. */
const HEAD_BYTES = 32;

/** @throws Error when the payload is not such a response */
export function parseResponse(payload: Buffer): HandshakeResponse {
  const reader = new PayloadReader(payload);
  const capabilities = reader.take(4).readUInt32LE();
  const has = (capability: number) => (capabilities & capability) !== 0;
  if (!has(CAPABILITY.protocol41)) throw new Error('the client speaks a protocol before MySQL 4.1');
  if (has(CAPABILITY.ssl)) throw new Error('the client asks for TLS, which was not offered');
  const fixed = reader.take(HEAD_BYTES - 4);
  const user = reader.takeString();
  const authResponse = takeAuthResponse(reader, has);
  const database = has(CAPABILITY.connectWithDatabase) ? reader.takeString() : undefined;
  const plugin = has(CAPABILITY.pluginAuth) ? reader.takeString().toString('latin1') : undefined;
  return {
    ...{ capabilities, fixed, user, authResponse, rest: reader.takeRest() },
    ...(database && { database }),
    ...(plugin !== undefined && { plugin }),
  };
}

/** The response as bytes. */
export function renderResponse(response: HandshakeResponse): Buffer {
  const { user, authResponse, database, plugin = '', rest, capabilities } = response;
  if (authResponse.length > MAX_AUTH_RESPONSE)
    throw new RangeError('an authentication response is longer than 250 bytes');
  const has = (capability: number) => (capabilities & capability) !== 0;
  return Buffer.concat([
    responseHead(response),
    ...[user, NUL],
    // Up to 250, a length-encoded number is a single byte.
    Buffer.from([authResponse.length]),
    authResponse,
    ...(has(CAPABILITY.connectWithDatabase) ? [database ?? NOTHING, NUL] : []),
    ...(has(CAPABILITY.pluginAuth) ? [Buffer.from(plugin, 'latin1'), NUL] : []),
    rest,
  ]);
}

/** Asks for TLS: the head of the response, which the client sends again inside of TLS. */
export function responseHead({
  capabilities,
  fixed,
}: Pick<HandshakeResponse, 'capabilities' | 'fixed'>): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(capabilities >>> 0);
  fixed.copy(head, 4);
  return head;
}

const MAX_AUTH_RESPONSE = 250;
const NUL = Buffer.alloc(1);
const NOTHING = Buffer.alloc(0);

function takeAuthResponse(reader: PayloadReader, has: (capability: number) => boolean): Buffer {
  if (has(CAPABILITY.lengthEncodedAuth)) return reader.take(reader.takeLength());
  if (has(CAPABILITY.secureConnection)) return reader.take(reader.take(1).readUInt8());
  return reader.takeString();
}

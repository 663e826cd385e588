import { CAPABILITY, PayloadReader } from './mysql-packets.js';

/** What a client answers to a greeting (HandshakeResponse41). */
export interface HandshakeResponse {
  readonly capabilities: number;
  /** Packet size, character set, and room that MariaDB's clients use: 28 bytes. */
  readonly fixed: Buffer;
  readonly user: Buffer;
  /** Proof of the password. At most 250 bytes. */
  readonly proof: Buffer;
  /** @default - the server's default */
  readonly database?: Buffer;
  /** How the proof was made. @default - as the greeting said */
  readonly plugin?: string;
  /** Attributes of the connection, and whatever comes after them. */
  readonly rest: Buffer;
}

/** Of the first packet: capabilities, and what {@link HandshakeResponse.fixed} is. */
const HEAD_BYTES = 32;

/** @throws Error when it is no such answer */
export function parseResponse(payload: Buffer): HandshakeResponse {
  const reader = new PayloadReader(payload);
  const capabilities = reader.take(4).readUInt32LE();
  const has = (capability: number) => (capabilities & capability) !== 0;
  if (!has(CAPABILITY.protocol41)) throw new Error('the client speaks a protocol before MySQL 4.1');
  if (has(CAPABILITY.ssl)) throw new Error('the client asks for TLS, which was not offered');
  const fixed = reader.take(HEAD_BYTES - 4);
  const user = reader.takeString();
  const proof = takeProof(reader, has);
  const database = has(CAPABILITY.connectWithDatabase) ? reader.takeString() : undefined;
  const plugin = has(CAPABILITY.pluginAuth) ? reader.takeString().toString('latin1') : undefined;
  return {
    ...{ capabilities, fixed, user, proof, rest: reader.takeRest() },
    ...(database && { database }),
    ...(plugin !== undefined && { plugin }),
  };
}

/** The answer as bytes. */
export function renderResponse(response: HandshakeResponse): Buffer {
  const { user, proof, database, plugin = '', rest, capabilities } = response;
  if (proof.length > MAX_PROOF) throw new RangeError('a proof is longer than 250 bytes');
  const has = (capability: number) => (capabilities & capability) !== 0;
  return Buffer.concat([
    responseHead(response),
    ...[user, NUL],
    // Up to here a number that tells its own length is one byte as well.
    Buffer.from([proof.length]),
    proof,
    ...(has(CAPABILITY.connectWithDatabase) ? [database ?? NOTHING, NUL] : []),
    ...(has(CAPABILITY.pluginAuth) ? [Buffer.from(plugin, 'latin1'), NUL] : []),
    rest,
  ]);
}

/** What asks for TLS: the beginning of the answer that follows inside of it. */
export function responseHead({
  capabilities,
  fixed,
}: Pick<HandshakeResponse, 'capabilities' | 'fixed'>): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(capabilities >>> 0);
  fixed.copy(head, 4);
  return head;
}

const MAX_PROOF = 250;
const NUL = Buffer.alloc(1);
const NOTHING = Buffer.alloc(0);

function takeProof(reader: PayloadReader, has: (capability: number) => boolean): Buffer {
  if (has(CAPABILITY.lengthEncodedAuth)) return reader.take(reader.takeLength());
  if (has(CAPABILITY.secureConnection)) return reader.take(reader.take(1).readUInt8());
  return reader.takeString();
}

import { CAPABILITY, PayloadReader } from './mysql-packets.js';

/** A MySQL server's first message (HandshakeV10). */
export interface Greeting {
  readonly capabilities: number;
  /** Random bytes that are mixed into the password's hash, mostly 20. */
  readonly nonce: Buffer;
  /** The server's preferred authentication method. */
  readonly plugin: string;
  /** The other fields, kept to render the same greeting again. */
  readonly version: Buffer;
  readonly threadId: Buffer;
  readonly charset: Buffer;
  readonly status: Buffer;
  readonly reserved: Buffer;
}

const PROTOCOL = 10;
const FIRST_PART = 8;
const MIN_SECOND_PART = 13;

/** @throws Error when the payload is not such a greeting */
export function parseGreeting(payload: Buffer): Greeting {
  const reader = new PayloadReader(payload);
  if (reader.take(1).readUInt8() !== PROTOCOL) throw new Error('it does not speak MySQL');
  const version = reader.takeString();
  const threadId = reader.take(4);
  const first = reader.take(FIRST_PART);
  reader.take(1);
  const low = reader.take(2).readUInt16LE();
  const charset = reader.take(1);
  const status = reader.take(2);
  const capabilities = (low | (reader.take(2).readUInt16LE() << 16)) >>> 0;
  const length = reader.take(1).readUInt8();
  const reserved = reader.take(10);
  const second = reader.take(Math.max(MIN_SECOND_PART, length - FIRST_PART));
  const hasPlugin = (capabilities & CAPABILITY.pluginAuth) !== 0;
  return {
    ...{ capabilities, version, threadId, charset, status, reserved },
    // The last byte is a NUL and does not belong to the nonce.
    nonce: Buffer.concat([first, second.subarray(0, -1)]),
    plugin: hasPlugin ? reader.takeString().toString('latin1') : 'mysql_native_password',
  };
}

/** The greeting as bytes. Its nonce has 20 bytes. */
export function renderGreeting(greeting: Greeting): Buffer {
  const { capabilities, nonce, plugin, version, threadId, charset, status, reserved } = greeting;
  const numbers = Buffer.alloc(8);
  numbers.writeUInt16LE(capabilities & 0xffff, 0);
  charset.copy(numbers, 2);
  status.copy(numbers, 3);
  numbers.writeUInt16LE(capabilities >>> 16, 5);
  numbers.writeUInt8(nonce.length + 1, 7);
  return Buffer.concat([
    Buffer.from([PROTOCOL]),
    ...[version, NUL, threadId, nonce.subarray(0, FIRST_PART), NUL],
    ...[numbers, reserved, nonce.subarray(FIRST_PART), NUL],
    ...(capabilities & CAPABILITY.pluginAuth ? [Buffer.from(plugin, 'latin1'), NUL] : []),
  ]);
}

const NUL = Buffer.alloc(1);

import { CAPABILITY, PayloadReader } from './mysql-packets.js';

/** What a MySQL server says first (HandshakeV10). */
export interface Greeting {
  readonly capabilities: number;
  /** What passwords are mixed with, mostly 20 bytes. */
  readonly nonce: Buffer;
  /** How the server would like to be told the password. */
  readonly plugin: string;
  /** Everything else, to be said again: before the nonce, and what lies between. */
  readonly version: Buffer;
  readonly threadId: Buffer;
  readonly charset: Buffer;
  readonly status: Buffer;
  readonly reserved: Buffer;
}

const PROTOCOL = 10;
const FIRST_PART = 8;
const MIN_SECOND_PART = 13;

/** @throws Error when it is no such greeting */
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
    // The last byte is a NUL, which is no part of it.
    nonce: Buffer.concat([first, second.subarray(0, -1)]),
    plugin: hasPlugin ? reader.takeString().toString('latin1') : 'mysql_native_password',
  };
}

/** The greeting as bytes. Its nonce is of 20 bytes. */
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

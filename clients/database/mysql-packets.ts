import type { Readable } from 'node:stream';
import { readExactly } from './read-exactly.js';

/** Capabilities of MySQL's protocol that matter during a login. */
export const CAPABILITY = {
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
  connectAttributes: 0x100000,
  lengthEncodedAuth: 0x200000,
  severalFactors: 0x10000000,
} as const;

/** One packet: up to 16 MB, with its number in the exchange. */
export interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Limit of a login packet; connection attributes have at most 64 KB. */
const MAX_LOGIN_BYTES = 128 * 1024;

/** Reads the next packet of a login. @throws Error when the bytes are not a packet */
export async function readPacket(stream: Readable): Promise<Packet> {
  const head = await readExactly(stream, 4);
  const length = head.readUIntLE(0, 3);
  if (length > MAX_LOGIN_BYTES) throw new Error('it does not speak MySQL');
  return { sequence: head.readUInt8(3), payload: await readExactly(stream, length) };
}

/** A packet as bytes. */
export function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(sequence & 0xff, 3);
  return Buffer.concat([head, payload]);
}

/** First byte of a server's answer to a login. */
export const KIND = { ok: 0x00, moreData: 0x01, switchAuth: 0xfe, error: 0xff } as const;

/** An error in MySQL's format; before the server's greeting it has no SQLSTATE. */
export function errorPayload(number: number, message: string, state?: string): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt8(KIND.error);
  head.writeUInt16LE(number, 1);
  const text = `${state === undefined ? '' : `#${state}`}${message}`;
  return Buffer.concat([head, Buffer.from(text)]);
}

/** Reads a payload field by field. @throws RangeError beyond its end */
export class PayloadReader {
  #at = 0;

  constructor(private readonly payload: Buffer) {}

  get hasMore(): boolean {
    return this.#at < this.payload.length;
  }

  take(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.payload.length) throw new RangeError('a packet is too short');
    const part = this.payload.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** The bytes up to the next NUL, or up to the end when there is none. */
  takeString(): Buffer {
    const end = this.payload.indexOf(0, this.#at);
    if (end === -1) return this.takeRest();
    const part = this.payload.subarray(this.#at, end);
    this.#at = end + 1;
    return part;
  }

  takeRest(): Buffer {
    return this.take(this.payload.length - this.#at);
  }

  /** Reads a number whose first byte gives its length. */
  takeLength(): number {
    const first = this.take(1).readUInt8();
    if (first < 0xfb) return first;
    const size = { 252: 2, 253: 3, 254: 6 }[first];
    if (size === undefined) throw new RangeError('a packet has no length where one is required');
    const number = this.take(size).readUIntLE(0, size);
    if (first === 254) this.take(2);
    return number;
  }
}

import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Greeting,
  parseGreeting,
  renderGreeting,
} from '../../../../clients/database/mysql-greeting.js';
import { CAPABILITY, packet, readPacket } from '../../../../clients/database/mysql-packets.js';
import {
  type HandshakeResponse,
  parseResponse,
  renderResponse,
} from '../../../../clients/database/mysql-response.js';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));
/** Without a NUL, which ends it. */
const text = (maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength }).map((each) => Buffer.from(each));

const greeting: fc.Arbitrary<Greeting> = fc.record({
  capabilities: fc.maxSafeNat().map((n) => ((n & 0xffffffff) | CAPABILITY.pluginAuth) >>> 0),
  nonce: bytes(20),
  plugin: fc.constantFrom('mysql_native_password', 'caching_sha2_password', ''),
  version: text(40),
  ...{ threadId: bytes(4), charset: bytes(1), status: bytes(2), reserved: bytes(10) },
});

const response: fc.Arbitrary<HandshakeResponse> = fc
  .record({
    flags: fc.subarray([
      CAPABILITY.connectWithDatabase,
      CAPABILITY.pluginAuth,
      CAPABILITY.lengthEncodedAuth,
    ]),
    ...{
      fixed: bytes(28),
      user: text(32),
      authResponse: bytes(32),
      database: text(64),
      rest: text(300),
    },
    plugin: fc.constantFrom('mysql_native_password', 'caching_sha2_password'),
  })
  .map(({ flags, database, plugin, ...rest }) => {
    const always = CAPABILITY.protocol41 | CAPABILITY.secureConnection;
    const capabilities = flags.reduce((sum, flag) => sum | flag, always) >>> 0;
    return {
      ...{ capabilities, ...rest },
      ...(capabilities & CAPABILITY.connectWithDatabase && { database }),
      ...(capabilities & CAPABILITY.pluginAuth && { plugin }),
    };
  });

describe('what server and client of MySQL say before a login', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(greeting, (each) => {
        expect(parseGreeting(renderGreeting(each))).toEqual(each);
      }),
    );
    fc.assert(
      fc.property(response, (each) => {
        expect(parseResponse(renderResponse(each))).toEqual(each);
      }),
    );
  });

  it('is an error when it is cut short, and never something else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        for (const parse of [parseGreeting, parseResponse]) {
          try {
            parse(Buffer.from(noise));
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        }
      }),
    );
  });

  it('is read as packets, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text(500), { maxLength: 5 }), fc.nat(9), async (all, size) => {
        const stream = new PassThrough();
        const sent = Buffer.concat(all.map((payload, n) => packet(n, payload)));
        for (let at = 0; at < sent.length; at += size + 1) {
          stream.write(sent.subarray(at, at + size + 1));
        }
        stream.end();
        for (const [sequence, payload] of all.entries()) {
          expect(await readPacket(stream)).toEqual({ sequence, payload });
        }
        await expect(readPacket(stream)).rejects.toThrow('ended the connection');
      }),
      { numRuns: 30 },
    );
  });

  it('asks for TLS, which was not offered: refused', () => {
    const head = Buffer.alloc(32);
    head.writeUInt32LE(CAPABILITY.protocol41 | CAPABILITY.ssl);
    expect(() => parseResponse(head)).toThrow('asks for TLS');
  });
});

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { logIn, parseSwitch } from '../../../../clients/database/mysql-login.js';
import { CAPABILITY, packet, readPacket } from '../../../../clients/database/mysql-packets.js';
import { authResponseFor, isAuthResponseOf } from '../../../../clients/database/mysql-passwords.js';
import { parseResponse } from '../../../../clients/database/mysql-response.js';
import { Secret } from '../../../../lib/secret.js';

const NONCE = Buffer.from('abcdefghijklmnopqrst');
const OTHER = Buffer.from('ABCDEFGHIJKLMNOPQRST');
const password = new Secret('gru:ne wiese');
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const CAPABILITIES = CAPABILITY.protocol41 | CAPABILITY.pluginAuth | CAPABILITY.ssl;

const greetingOf = (plugin: string) => ({
  ...{ capabilities: CAPABILITIES, nonce: NONCE, plugin, version: Buffer.from('8.0.36') },
  ...{ threadId: Buffer.alloc(4), charset: Buffer.alloc(1), status: Buffer.alloc(2) },
  reserved: Buffer.alloc(10),
});
const response = {
  capabilities: CAPABILITY.protocol41 | CAPABILITY.pluginAuth | CAPABILITY.secureConnection,
  ...{ fixed: Buffer.alloc(28), user: Buffer.from('app'), authResponse: Buffer.alloc(20) },
  ...{ plugin: 'mysql_native_password', rest: Buffer.alloc(0) },
};

/** A login to a server that says `lines`, one after each answer; and what it was answered. */
async function play(plugin: string, lines: readonly Buffer[]) {
  const [near, far] = duplexPair();
  const heard: Buffer[] = [];
  const server = async () => {
    let sequence = 2;
    for (const line of lines) {
      // Said without waiting for an answer: the one before was no question.
      const isNews = line[0] === 0 && heard.length > 0 && lines.length === 2 && lines[0]?.[1] === 3;
      if (!isNews) {
        const { sequence: told, payload } = await readPacket(far);
        expect(told).toBe(sequence);
        heard.push(payload);
      }
      sequence += 1;
      far.write(packet(sequence, line));
      sequence += 1;
      if (line[0] === 1 && line[1] === 3) sequence -= 1;
    }
  };
  const [last] = await Promise.all([
    logIn(near as unknown as Socket, greetingOf(plugin), response, { password }),
    server(),
  ]);
  return { last: last.payload, heard };
}

/** XOR(SHA256(p), SHA256(SHA256(SHA256(p)) + nonce)), as MySQL's manual has it. */
function sha2(nonce: Buffer) {
  const hash = (...parts: Buffer[]) =>
    parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
  const once = hash(Buffer.from(password.reveal()));
  const other = hash(hash(once), nonce);
  return Buffer.from(once.map((byte, i) => byte ^ (other[i] ?? 0)));
}

describe('a login to MySQL by TLS', () => {
  it('proves the password as MySQL 8 wishes, which has seen it lately', async () => {
    const { last, heard } = await play('caching_sha2_password', [Buffer.from([1, 3]), OK]);
    expect(last).toEqual(OK);
    const told = parseResponse(withoutTls(heard[0]));
    expect(told).toMatchObject({ plugin: 'caching_sha2_password', authResponse: sha2(NONCE) });
    expect((heard[0]?.readUInt32LE() ?? 0) & CAPABILITY.ssl).not.toBe(0);
  });

  it('tells the whole password when that is asked for', async () => {
    const { last, heard } = await play('caching_sha2_password', [Buffer.from([1, 4]), OK]);
    expect(last).toEqual(OK);
    expect(heard[1]).toEqual(Buffer.from('gru:ne wiese\0'));
  });

  it('follows to another way, with another nonce', async () => {
    const wish = Buffer.concat([
      ...[Buffer.from('\xfecaching_sha2_password\0', 'latin1'), OTHER, Buffer.alloc(1)],
    ]);
    const { heard } = await play('mysql_native_password', [wish, OK]);
    expect(heard[1]).toEqual(sha2(OTHER));
  });

  it('gives up where a way is not known', async () => {
    const wish = Buffer.from('\xfeclient_ed25519\0', 'latin1');
    await expect(play('mysql_native_password', [wish])).rejects.toThrow("by 'client_ed25519'");
    expect(parseSwitch(Buffer.from([0xfe]))).toMatchObject({ plugin: 'mysql_old_password' });
  });
});

describe('the authentication response of a client', () => {
  it('is taken for the right password and nonce alone', () => {
    const authResponse =
      authResponseFor('mysql_native_password', password, NONCE) ?? Buffer.alloc(0);
    expect(isAuthResponseOf(authResponse, password, NONCE)).toBe(true);
    expect(isAuthResponseOf(authResponse, password, OTHER)).toBe(false);
    expect(isAuthResponseOf(authResponse, new Secret('another'), NONCE)).toBe(false);
    expect(isAuthResponseOf(Buffer.alloc(0), password, NONCE)).toBe(false);
    expect(isAuthResponseOf(Buffer.alloc(20), password, NONCE)).toBe(false);
  });
});

function withoutTls(payload: Buffer = Buffer.alloc(0)): Buffer {
  const copy = Buffer.from(payload);
  copy.writeUInt32LE((copy.readUInt32LE() & ~CAPABILITY.ssl) >>> 0);
  return copy;
}

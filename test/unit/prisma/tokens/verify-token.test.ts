import { createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { mintClusterToken } from '../../../../prisma/tokens/cluster-token.js';
import { parseDuration } from '../../../../prisma/tokens/duration.js';
import { verifyToken } from '../../../../prisma/tokens/verify-token.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const now = new Date('2026-01-02T03:04:05Z');
const seconds = now.getTime() / 1000;
const grants = [{ target: 'demo/dev', action: 'deploy' }];
let keys: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [keys, other] = await Promise.all([newKeyPair(), newKeyPair()]);
});

const mint = (clusterSecret: Secret, ttlSeconds = 60, at = now) =>
  mintClusterToken({ clusterSecret, grants, ttlSeconds, now: at });
const verdict = (token: Secret) => verifyToken(token, keys.privateKey, now);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('verifyToken', () => {
  test('accepts ours, with or without Bearer', async () => {
    const token = await mint(keys.privateKey);
    const valid = { valid: true, grants, expires: '2026-01-02T03:05:05.000Z' };
    expect(await verdict(token)).toEqual(valid);
    expect(await verdict(new Secret(`Bearer ${token.reveal()}\n`))).toEqual(valid);
  });

  test('accepts HS256 where the secret is a shared one', async () => {
    const secret = new Secret('a shared secret of a newer server');
    expect(await verifyToken(await mint(secret), secret, now)).toMatchObject({ valid: true });
  });

  const claims = { grants, iat: seconds, exp: seconds + 60 };
  const attacks: [string, () => Promise<string> | string, string][] = [
    ['a foreign key', async () => (await mint(other.privateKey)).reveal(), 'another key'],
    [
      'an expired one',
      async () => (await mint(keys.privateKey, 60, new Date(now.getTime() - 61_000))).reveal(),
      'expired',
    ],
    ['alg none', () => `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`, 'algorithm'],
    [
      'HS256 signed with the public key',
      () => {
        const pem = createPublicKey(keys.publicKey).export({ type: 'spki', format: 'pem' });
        return new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from(pem.toString()));
      },
      'algorithm',
    ],
    [
      'a tampered payload',
      async () => {
        const [head, , signature] = (await mint(keys.privateKey)).reveal().split('.');
        return `${head}.${base64({ ...claims, grants: [{ target: '*/*', action: '*' }] })}.${signature}`;
      },
      'another key',
    ],
    ['no token at all', () => 'hello', 'not a token'],
  ];
  test.each(attacks)('refuses %s', async (_, make, reason) => {
    expect(await verdict(new Secret(await make()))).toEqual({
      valid: false,
      reason: expect.stringContaining(reason),
    });
  });
});

describe('parseDuration', () => {
  test.each([
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    ['7d', 604_800],
  ])('%s', (text, expected) => expect(parseDuration(text, '--ttl')).toBe(expected));

  test.each(['', '15', '0m', '-1m', '1.5h', '1w'])('fails on %j', async (text) => {
    const error = await kitErrorOf(() => parseDuration(text, '--ttl'));
    expect(error).toMatchObject({ code: 'duration-invalid', exitCode: 2 });
  });
});

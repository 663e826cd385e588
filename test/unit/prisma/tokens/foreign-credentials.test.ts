import { createHmac } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import {
  foreignTokens,
  newForeignCredentials,
} from '../../../../prisma/tokens/foreign-credentials.js';
import { verifyToken } from '../../../../prisma/tokens/verify-token.js';

const foreignCredentials = await newForeignCredentials();
const now = new Date('2026-01-01T00:00:00Z');
const tokensFor = (clusterSecret: Secret | undefined) =>
  foreignTokens({ foreignCredentials, clusterSecret, ttlSeconds: 60, now });
const algorithms = (tokens: readonly Secret[]) =>
  tokens.map((token) => decodeProtectedHeader(token.reveal()).alg);

describe('foreignTokens', () => {
  test('a cluster with a shared secret: a stranger of each algorithm', async () => {
    const secret = new Secret('ours');
    const tokens = await tokensFor(secret);
    expect(algorithms(tokens)).toEqual(['HS256', 'RS256']);
    for (const token of tokens) {
      expect(decodeJwt(token.reveal()).grants).toEqual([{ target: '*/*', action: '*' }]);
      expect((await verifyToken(token, secret, now)).valid).toBe(false);
    }
  });

  test('a cluster with a key: also two forged from its public half', async () => {
    const { privateKey, publicKey } = await newKeyPair();
    const tokens = await tokensFor(privateKey);
    expect(algorithms(tokens)).toEqual(['HS256', 'RS256', 'HS256', 'HS256']);
    const [head, payload, signature] = tokens[2]?.reveal().split('.') ?? [];
    const expected = createHmac('sha256', publicKey).update(`${head}.${payload}`);
    expect(signature).toBe(expected.digest('base64url'));
    for (const token of tokens) {
      expect((await verifyToken(token, privateKey, now)).valid).toBe(false);
    }
  });

  test('no secret, or one that is no key after all: the strangers alone', async () => {
    expect(await tokensFor(undefined)).toHaveLength(2);
    expect(await tokensFor(new Secret('-----BEGIN nonsense'))).toHaveLength(2);
  });
});

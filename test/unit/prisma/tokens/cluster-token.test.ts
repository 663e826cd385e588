import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { mintClusterToken } from '../../../../prisma/tokens/cluster-token.js';

const now = new Date('2018-05-04T12:34:56.789Z');
const seconds = 1525437296;

let keys: KeyPair;
beforeAll(async () => {
  keys = await newKeyPair();
});

describe('mintClusterToken', () => {
  test('defaults: header and claims exactly as the CLI of 1.8 sends them', async () => {
    const token = await mintClusterToken({
      clusterSecret: keys.privateKey,
      ttlSeconds: 157_788_000,
      now,
    });
    expect(decodeProtectedHeader(token.reveal())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decodeJwt(token.reveal())).toEqual({
      grants: [{ target: '*/*', action: '*' }],
      iat: seconds,
      exp: seconds + 157_788_000,
    });
  });

  test('custom: narrow grants and a short life', async () => {
    const grants = [{ target: 'demo/dev', action: 'deploy' }];
    const { privateKey: clusterSecret } = keys;
    const token = await mintClusterToken({ clusterSecret, grants, ttlSeconds: 60, now });
    expect(decodeJwt(token.reveal())).toEqual({ grants, iat: seconds, exp: seconds + 60 });
  });

  test('is verified by the public half, and by that only', async () => {
    const { privateKey: clusterSecret } = keys;
    const token = (await mintClusterToken({ clusterSecret, ttlSeconds: 60, now })).reveal();
    const options = { algorithms: ['RS256'], currentDate: now };
    const verified = await jwtVerify(token, createPublicKey(keys.publicKey), options);
    expect(verified.payload.exp).toBe(seconds + 60);
    const stranger = createPublicKey((await newKeyPair()).publicKey);
    await expect(jwtVerify(token, stranger, options)).rejects.toThrow('signature');
    const later = { ...options, currentDate: new Date(now.getTime() + 61_000) };
    await expect(jwtVerify(token, createPublicKey(keys.publicKey), later)).rejects.toThrow('exp');
  });

  test('signs with a PKCS#8 key too', async () => {
    const { createPrivateKey } = await import('node:crypto');
    const pkcs8 = createPrivateKey(keys.privateKey.reveal())
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const props = { ttlSeconds: 60, now };
    const [a, b] = await Promise.all([
      mintClusterToken({ clusterSecret: new Secret(pkcs8), ...props }),
      mintClusterToken({ clusterSecret: keys.privateKey, ...props }),
    ]);
    expect(a.reveal()).toBe(b.reveal());
  });

  test('does not show itself', async () => {
    const token = await mintClusterToken({ clusterSecret: keys.privateKey, ttlSeconds: 60, now });
    expect(`${token}`).toBe('[secret]');
  });
});

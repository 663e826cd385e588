import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  createServiceToken,
  verifyServiceToken,
} from '../../../../../programs/dev-server/auth/service-auth.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const seconds = NOW.getTime() / 1000;
const sign = (secret: string, claims: object = {}, alg = 'HS256') =>
  new SignJWT({ data: { service: 'demo@dev', roles: ['admin'] }, ...claims })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));

describe('verifyServiceToken', () => {
  test('a service without secret is open', async () => {
    await expect(verifyServiceToken([], undefined, NOW)).resolves.toBeUndefined();
  });

  test('each of the secrets will do, with or without `Bearer`', async () => {
    for (const secret of ['one', 'two']) {
      const token = await sign(secret);
      await expect(verifyServiceToken(['one', 'two'], token, NOW)).resolves.toBeUndefined();
      await expect(
        verifyServiceToken(['one', 'two'], `Bearer ${token}`, NOW),
      ).resolves.toBeUndefined();
    }
  });

  test.each([
    ['none', async () => undefined],
    ['nonsense', async () => 'Bearer x'],
    ['another secret', () => sign('other')],
    ['another algorithm', () => sign('one', {}, 'HS512')],
    ['expired', () => sign('one', { exp: seconds - 1 })],
    ['not valid yet', () => sign('one', { nbf: seconds + 1 })],
  ])('%s is refused', async (_, token) => {
    await expect(verifyServiceToken(['one'], await token(), NOW)).rejects.toMatchObject({
      code: 3015,
      message:
        'Your token is invalid. It might have expired or you might be using a token from a different project.',
    });
  });
});

describe('createServiceToken', () => {
  test('is for a day, and good for the service', async () => {
    const token = await createServiceToken(['one', 'two'], NOW);
    expect(decodeJwt(token)).toEqual({ nbf: seconds, exp: seconds + 86_400 });
    await expect(verifyServiceToken(['one'], token, NOW)).resolves.toBeUndefined();
    await expect(verifyServiceToken(['two'], token, NOW)).rejects.toMatchObject({ code: 3015 });
  });

  test('is empty without a secret', async () => {
    expect(await createServiceToken([], NOW)).toBe('');
  });
});

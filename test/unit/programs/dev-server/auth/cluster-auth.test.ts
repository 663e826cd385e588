import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../../lib/secret.js';
import { derivedSecret, deriveFrom } from '../../../../../prisma/tokens/derived-secret.js';
import { createClusterAuth } from '../../../../../programs/dev-server/auth/cluster-auth.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const seconds = NOW.getTime() / 1000;
const newPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pair = newPair();
const foreign = newPair();
const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const ALL = [{ target: '*/*', action: '*' }];
const CLAIMS = { grants: ALL, iat: seconds, exp: seconds + 60 };

type Key = Parameters<SignJWT['sign']>[0];
const sign = (claims: object, key: Key = pair.privateKey, alg = 'RS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const authOf = (
  legacySecret: string | undefined,
  managementApiSecret?: string,
  generation: 'A' | 'B' | 'C' = 'B',
  derived?: Secret,
) =>
  createClusterAuth(
    {
      generation,
      legacySecret,
      derivedSecret: derived,
      managementApiSecret: managementApiSecret ? new Secret(managementApiSecret) : undefined,
    },
    () => NOW,
  );

/** `accepted`, or the refusal without the words that all refusals begin with. */
async function outcome(header: string | undefined, service = '', stage = ''): Promise<string> {
  const auth = await authOf(publicPem);
  return auth.verify(service, stage, header).then(
    () => 'accepted',
    (error: { code: number; message: string }) => {
      expect(error.code).toBe(3015);
      return error.message.replace('Authentication token is invalid: ', '');
    },
  );
}

const WRONG = "Token can't be decoded: Invalid signature for this token or wrong algorithm.";
const NO_GRANT = 'Token contained 1 grants but none satisfied the request.';
const secretOf = (text: string) => createSecretKey(Buffer.from(text));

describe('RS256 tokens', () => {
  test('ours', async () => {
    const token = await sign(CLAIMS);
    expect(await outcome(`Bearer ${token}`)).toBe('accepted');
    expect(await outcome(token)).toBe('accepted');
  });

  test('none, and what the CLI sends without a key', async () => {
    expect(await outcome(undefined)).toBe("'Authorization' header not provided");
    expect(await outcome('Bearer null')).toBe(
      "Token can't be decoded: Expected token [null] to be composed of 2 or 3 parts separated by dots.",
    );
  });

  test('a foreign key', async () => {
    expect(await outcome(`Bearer ${await sign(CLAIMS, foreign.privateKey)}`)).toBe(WRONG);
  });

  test('a tampered payload', async () => {
    const [head, , signature] = (await sign({ ...CLAIMS, grants: [] })).split('.');
    expect(await outcome([head, base64(CLAIMS), signature].join('.'))).toBe(WRONG);
  });

  test('HS256 signed with the public key as secret', async () => {
    for (const text of [publicPem, publicPem.trim()]) {
      expect(await outcome(await sign(CLAIMS, secretOf(text), 'HS256'))).toBe(WRONG);
    }
  });

  test('RS512 with the right key', async () => {
    expect(await outcome(await sign(CLAIMS, pair.privateKey, 'RS512'))).toBe(WRONG);
  });

  test('alg none, without and with something in place of a signature', async () => {
    const unsigned = `${base64({ alg: 'none', typ: 'JWT' })}.${base64(CLAIMS)}`;
    const expected = /^Token can't be decoded: No signature found inside the token/;
    expect(await outcome(unsigned)).toMatch(expected);
    expect(await outcome(`${unsigned}.`)).toMatch(expected);
    expect(await outcome(`${unsigned}.AAAA`)).toBe(WRONG);
  });

  test('expired, and not valid yet', async () => {
    expect(await outcome(await sign({ ...CLAIMS, exp: seconds - 1 }))).toBe(
      "Token can't be decoded: The token is expired since 2025-12-31T23:59:59Z",
    );
    expect(await outcome(await sign({ ...CLAIMS, nbf: seconds + 5 }))).toBe(
      "Token can't be decoded: The token will only be valid after 2026-01-01T00:00:05Z",
    );
    expect(await outcome(await sign({ ...CLAIMS, nbf: seconds }))).toBe('accepted');
  });

  test('iat is not looked at', async () => {
    expect(await outcome(await sign({ ...CLAIMS, iat: seconds + 9_999 }))).toBe('accepted');
  });

  test('exp and grants are required', async () => {
    const { exp: _exp, ...endless } = CLAIMS;
    const { grants: _grants, ...powerless } = CLAIMS;
    for (const claims of [endless, powerless, { ...CLAIMS, grants: 'all' }]) {
      expect(await outcome(await sign(claims))).toBe('Failed to parse token data');
    }
  });

  test.each([
    ['demo/dev', 'demo', 'dev', 'accepted'],
    ['demo/*', 'demo', 'other', 'accepted'],
    ['*/dev', 'any', 'dev', 'accepted'],
    ['demo/dev', 'demo', 'prod', NO_GRANT],
    ['demo/dev', 'other', 'dev', NO_GRANT],
    ['demo/dev', '', '', NO_GRANT],
    ['demo/*', '', '', NO_GRANT],
    ['*', 'demo', 'dev', NO_GRANT],
    ['/', '', '', NO_GRANT],
    ['*/*/*', 'demo', 'dev', NO_GRANT],
  ])('a grant for %s on %s/%s', async (target, service, stage, expected) => {
    const token = await sign({ ...CLAIMS, grants: [{ target, action: '*' }] });
    expect(await outcome(token, service, stage)).toBe(expected);
  });
});

describe('the configured key', () => {
  const oneLine = publicPem.replaceAll('\n', '\\n');
  const pkcs1 = pair.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test.each([
    ['as it is', publicPem, 'public-key'],
    ['with CRLF', publicPem.replaceAll('\n', '\r\n'), 'public-key'],
    ['with literal \\n', oneLine, 'unusable'],
    ['without line ends', publicPem.replaceAll('\n', ''), 'unusable'],
    ['in quotes', `"${oneLine}"`, 'unusable'],
    ['as PKCS#1', pkcs1, 'unusable'],
    ['as private key', privatePem, 'unusable'],
    ['as something else', 'secret', 'unusable'],
  ])('%s', async (_, key, mode) => {
    const auth = await authOf(key);
    expect(auth.mode).toBe(mode);
    const attempt = auth.verify('', '', await sign(CLAIMS));
    if (mode === 'public-key') await expect(attempt).resolves.toBeUndefined();
    else await expect(attempt).rejects.toMatchObject({ code: 3015 });
  });

  test('none: open', async () => {
    const auth = await authOf(undefined);
    expect(auth.mode).toBe('open');
    await expect(auth.verify('', '', undefined)).resolves.toBeUndefined();
  });

  test('is all that generation A knows', async () => {
    expect((await authOf(publicPem, 'hush', 'A')).mode).toBe('public-key');
    expect((await authOf(undefined, 'hush', 'A')).mode).toBe('open');
  });

  test('is ignored in generation C, which leaves the server open', async () => {
    expect((await authOf(publicPem, undefined, 'C')).mode).toBe('open');
    expect((await authOf(publicPem, 'hush', 'C')).mode).toBe('secret');
  });
});

test('a management secret wants HS256, and the key counts no more', async () => {
  const auth = await authOf(publicPem, 'hush');
  expect(auth.mode).toBe('secret');
  const ours = await sign(CLAIMS, secretOf('hush'), 'HS256');
  await expect(auth.verify('', '', `Bearer ${ours}`)).resolves.toBeUndefined();
  const wrong = [sign(CLAIMS, secretOf('other'), 'HS256'), sign(CLAIMS)];
  for (const token of await Promise.all(wrong)) {
    await expect(auth.verify('', '', token)).rejects.toMatchObject({ code: 3015 });
  }
});

describe('a key pair, and the secret derived from it', () => {
  const pemOf = (of: typeof pair) =>
    new Secret(of.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  const derived = derivedSecret(pemOf(pair));
  const hs256 = (secret: Secret, claims: object = CLAIMS) =>
    sign(claims, secretOf(secret.reveal()), 'HS256');

  test('both kinds of tokens count, with the same rights', async () => {
    const auth = await authOf(publicPem, undefined, 'B', derived);
    expect(auth.mode).toBe('public-key or derived secret');
    for (const token of [await sign(CLAIMS), await hs256(derived)]) {
      await expect(auth.verify('', '', `Bearer ${token}`)).resolves.toBeUndefined();
    }
    const narrow = { ...CLAIMS, grants: [{ target: 'demo/dev', action: '*' }] };
    const expired = { ...CLAIMS, exp: seconds - 1 };
    for (const claims of [narrow, expired]) {
      for (const token of [await sign(claims), await hs256(derived, claims)]) {
        await expect(auth.verify('', '', token)).rejects.toMatchObject({ code: 3015 });
      }
    }
  });

  test('no token of another key, and none forged from the public key', async () => {
    const auth = await authOf(publicPem, undefined, 'B', derived);
    const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
    const forged = await Promise.all([
      hs256(derivedSecret(pemOf(foreign))),
      hs256(new Secret(publicPem)),
      hs256(new Secret(publicPem.trim())),
      hs256(deriveFrom(spki)),
      hs256(deriveFrom(Buffer.from(publicPem))),
      sign(CLAIMS, foreign.privateKey),
      sign(CLAIMS, secretOf(derived.reveal()), 'HS512'),
      sign(CLAIMS, pair.privateKey, 'RS512'),
    ]);
    const unsigned = `${base64({ alg: 'none', typ: 'JWT' })}.${base64(CLAIMS)}`;
    for (const token of [...forged, unsigned, `${unsigned}.`, `${unsigned}.AAAA`]) {
      await expect(auth.verify('', '', token)).rejects.toMatchObject({ code: 3015 });
    }
  });

  test('other generations, and an unusable key, do not know it', async () => {
    const token = await hs256(derived);
    const cases = [
      await authOf(publicPem, undefined, 'A', derived),
      await authOf('damaged', undefined, 'B', derived),
      await authOf(publicPem, 'hush', 'B', derived),
    ];
    expect(cases.map(({ mode }) => mode)).toEqual(['public-key', 'unusable', 'secret']);
    for (const auth of cases) {
      await expect(auth.verify('', '', token)).rejects.toMatchObject({ code: 3015 });
    }
  });
});

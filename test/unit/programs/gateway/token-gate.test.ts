import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { createTokenGate } from '../../../../programs/gateway/token-gate.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const seconds = NOW.getTime() / 1000;
const newPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const pair = newPair();
const foreign = newPair();
const clusterKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const SECRET = 'server-secret';
const ALL = [{ target: '*/*', action: '*' }];
const CLAIMS = { grants: ALL, iat: seconds, exp: seconds + 3_600 };
const DEPLOY = { action: 'deploy', service: 'demo', stage: 'dev' };
const LIST = { action: 'listProjects', service: '', stage: '' };

type Key = Parameters<SignJWT['sign']>[0];
const sign = (claims: object, key: Key = pair.privateKey, alg = 'RS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
const shared = (text: string) => createSecretKey(Buffer.from(text));
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const granting = (target: string, action = '*') => ({ ...CLAIMS, grants: [{ target, action }] });

const KEY_ONLY = { clusterKey, now: () => NOW };
const BOTH = { ...KEY_ONLY, serverSecret: new Secret(SECRET) };

const DERIVED = { ...KEY_ONLY, derivedSecret: new Secret('derived') };

/** The header for the server, or the refusal without the words that all refusals begin with. */
async function outcome(
  header: string | undefined,
  { props = BOTH as Parameters<typeof createTokenGate>[0], demands = [DEPLOY] } = {},
): Promise<string | undefined> {
  const gate = await createTokenGate(props);
  const caller = await gate.caller(header);
  return caller
    .authorize(demands)
    .catch((error: Error) => error.message.replace('Authentication token is invalid: ', ''));
}

const WRONG = "Token can't be decoded: Invalid signature for this token or wrong algorithm.";
const UNSIGNED =
  "Token can't be decoded: No signature found inside the token while trying to verify it with a key.";
const NO_GRANT = 'Token contained 1 grants but none satisfied the request.';
const PARTS = (token: string) =>
  `Token can't be decoded: Expected token [${token}] to be composed of 2 or 3 parts separated by dots.`;

describe.each([
  ['a server with the key', KEY_ONLY],
  ['a server with a secret', BOTH],
  ['a server with key and derived secret', DERIVED],
])('attacks on %s', (_, props) => {
  test.each<[string, () => Promise<string | undefined> | string | undefined, string]>([
    ['no token', () => undefined, "'Authorization' header not provided"],
    ['what CLIs send without a key', () => 'Bearer null', PARTS('null')],
    ['an empty token', () => 'Bearer ', PARTS('')],
    ['another key', () => sign(CLAIMS, foreign.privateKey), WRONG],
    ['HS256 with the public key', () => sign(CLAIMS, shared(clusterKey), 'HS256'), WRONG],
    ['HS256 with the key, trimmed', () => sign(CLAIMS, shared(clusterKey.trim()), 'HS256'), WRONG],
    ['HS256 with another secret', () => sign(CLAIMS, shared('guess'), 'HS256'), WRONG],
    ['HS512 with the public key', () => sign(CLAIMS, shared(clusterKey), 'HS512'), WRONG],
    ['RS512 with our key', () => sign(CLAIMS, pair.privateKey, 'RS512'), WRONG],
    ['PS256 with our key', () => sign(CLAIMS, pair.privateKey, 'PS256'), WRONG],
    ['alg none', () => `${base64({ alg: 'none' })}.${base64(CLAIMS)}.`, UNSIGNED],
    ['alg none, two parts', () => `${base64({ alg: 'none' })}.${base64(CLAIMS)}`, UNSIGNED],
    ['alg none, a signature', () => `${base64({ alg: 'none' })}.${base64(CLAIMS)}.eA`, WRONG],
    [
      'other claims under our signature',
      async () => {
        const [head, , signature] = (await sign(granting('x/y'))).split('.');
        return `${head}.${base64(CLAIMS)}.${signature}`;
      },
      WRONG,
    ],
    [
      'its own key in the header',
      () =>
        new SignJWT(CLAIMS)
          .setProtectedHeader({ alg: 'RS256', jwk: foreign.publicKey.export({ format: 'jwk' }) })
          .sign(foreign.privateKey),
      WRONG,
    ],
    [
      'expired',
      () => sign({ ...CLAIMS, exp: seconds - 1 }),
      "Token can't be decoded: The token is expired since 2025-12-31T23:59:59Z",
    ],
    [
      'not valid yet',
      () => sign({ ...CLAIMS, nbf: seconds + 60 }),
      "Token can't be decoded: The token will only be valid after 2026-01-01T00:01:00Z",
    ],
    ['no exp', () => sign({ grants: ALL }), 'Failed to parse token data'],
    ['exp as text', () => sign({ grants: ALL, exp: 'never' }), 'Failed to parse token data'],
    ['no grants', () => sign({ exp: CLAIMS.exp }), 'Failed to parse token data'],
    [
      'grants of another shape',
      () => sign({ ...CLAIMS, grants: '*' }),
      'Failed to parse token data',
    ],
    ['another service', () => sign(granting('other/dev')), NO_GRANT],
    ['another stage', () => sign(granting('demo/prod')), NO_GRANT],
    ['another action', () => sign(granting('demo/dev', 'project')), NO_GRANT],
    ['half a target', () => sign(granting('demo')), NO_GRANT],
    ['an empty target', () => sign(granting('/')), NO_GRANT],
    ['three parts', () => sign(granting('*/*/*')), NO_GRANT],
    ['three words', () => 'a.b.c', WRONG],
    ['one word', () => 'a', PARTS('a')],
    ['five parts', () => 'a.b.c.d.e', PARTS('a.b.c.d.e')],
  ])('%s', async (_name, token, expected) => {
    const given = await token();
    expect(await outcome(given, { props })).toBe(expected);
  });
});

describe('what passes', () => {
  test('with the key on the server: the token as it came', async () => {
    const token = await sign(granting('demo/*', 'deploy'));
    expect(await outcome(`Bearer ${token}`, { props: KEY_ONLY })).toBe(`Bearer ${token}`);
    expect(await outcome(token, { props: KEY_ONLY })).toBe(`Bearer ${token}`);
  });

  test('with a secret on the server: a token of its kind, for what is demanded, for a short while', async () => {
    const header = (await outcome(`Bearer ${await sign(CLAIMS)}`)) ?? '';
    const own = header.replace('Bearer ', '');
    await jwtVerify(own, shared(SECRET), { algorithms: ['HS256'], currentDate: NOW });
    expect(decodeProtectedHeader(own)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decodeJwt(own)).toEqual({
      grants: [{ target: 'demo/dev', action: '*' }],
      iat: seconds,
      exp: seconds + 300,
    });
  });

  test('a token that ends soon stays one that ends soon', async () => {
    const header = await outcome(await sign({ ...CLAIMS, exp: seconds + 7 }));
    expect(decodeJwt(header?.replace('Bearer ', '') ?? '').exp).toBe(seconds + 7);
  });

  test('what is signed the way of the server, as it came', async () => {
    const token = await sign(CLAIMS, shared(SECRET), 'HS256');
    expect(await outcome(`Bearer ${token}`)).toBe(`Bearer ${token}`);
    expect(await outcome(`Bearer ${token}`, { props: KEY_ONLY })).toBe(WRONG);
  });

  test('questions that need no token; and then none goes on', async () => {
    expect(await outcome('Bearer null', { demands: [] })).toBeUndefined();
  });
});

describe('grants', () => {
  test('the whole server needs a grant for all of it', async () => {
    const all = await outcome(await sign(CLAIMS), { demands: [LIST] });
    expect(decodeJwt(all?.replace('Bearer ', '') ?? '').grants).toEqual(ALL);
    expect(await outcome(await sign(granting('demo/*')), { demands: [LIST] })).toBe(NO_GRANT);
  });

  test('all demands of a request must be met', async () => {
    const other = { ...DEPLOY, service: 'other' };
    const token = await sign(granting('demo/*'));
    expect(await outcome(token, { demands: [DEPLOY, other] })).toBe(NO_GRANT);
  });

  test('several grants add up', async () => {
    const grants = [
      { target: 'demo/dev', action: 'project' },
      { target: 'demo/dev', action: 'deploy' },
    ];
    const header = await outcome(await sign({ ...CLAIMS, grants }), { props: KEY_ONLY });
    expect(header).toMatch(/^Bearer /);
  });
});

test('a key that is none is an error at the start', async () => {
  await expect(createTokenGate({ ...KEY_ONLY, clusterKey: 'nonsense' })).rejects.toThrow();
});

describe('the secret derived from the key pair', () => {
  const token = () => sign(CLAIMS, shared('derived'), 'HS256');

  test('counts beside the key; the token goes to a server that has both', async () => {
    const ours = await token();
    expect(await outcome(`Bearer ${ours}`, { props: DERIVED })).toBe(`Bearer ${ours}`);
    const rsa = await sign(CLAIMS);
    expect(await outcome(`Bearer ${rsa}`, { props: DERIVED })).toBe(`Bearer ${rsa}`);
    expect((await createTokenGate(DERIVED)).acceptsDerived).toBe(true);
  });

  test('before a server with a secret of its own the gateway signs', async () => {
    const sent = await outcome(await token(), { props: { ...BOTH, ...DERIVED } });
    const { payload } = await jwtVerify((sent ?? '').replace('Bearer ', ''), shared(SECRET), {
      currentDate: NOW,
    });
    expect(payload.grants).toEqual([{ target: 'demo/dev', action: '*' }]);
  });

  test('does not count where the gateway has none', async () => {
    expect(await outcome(await token())).toBe(WRONG);
    expect((await createTokenGate(BOTH)).acceptsDerived).toBe(false);
  });
});

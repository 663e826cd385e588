import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { Unreachable } from '../../../../prisma/probe/management-client.js';
import { probeAuth } from '../../../../prisma/probe/probe-auth.js';
import { requireClosed } from '../../../../prisma/probe/require-closed.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import {
  type Answer,
  managementServer,
  refusal,
  silentHost,
} from '../../../support/management-server.js';

const ownToken = new Secret('own');
const foreignTokens = [new Secret('foreign')];
const accepted: Answer = { body: { data: { listProjects: [] } } };
const noService: Answer = {
  body: { data: null, errors: [{ message: "No service with name 'x' found", code: 4000 }] },
};
const noHeader = refusal("'Authorization' header not provided");
const badKey = refusal(
  "Token can't be decoded: Invalid signature for this token or wrong algorithm.",
);
const down: Answer = {
  body: { errors: [{ message: 'Whoops. Looks like an internal server error.', code: 0 }] },
};

/** A server by what it answers to nobody, a stranger and us. */
const server = (nobody: Answer, stranger: Answer, us: Answer) =>
  managementServer(({ headers: { authorization } }) => {
    if (authorization === undefined) return nobody;
    return authorization === 'Bearer own' ? us : stranger;
  });

describe('probeAuth', () => {
  test('ok: nobody and strangers are refused, we are accepted', async () => {
    const { host, seen } = await server(noHeader, badKey, noService);
    expect(await probeAuth({ host, ownToken, foreignTokens })).toEqual({
      state: 'ok',
      withoutToken: 'refused',
      foreignToken: 'refused',
      ownToken: 'accepted',
      message: undefined,
    });
    const asked = seen.map(({ headers, query }) => [headers.authorization, query]);
    const list = '{ listProjects { name stage } }';
    expect(new Set(asked.slice(0, 2))).toEqual(
      new Set([
        ['Bearer foreign', list],
        [undefined, list],
      ]),
    );
    // Last: our own token goes only to a server that refuses the others, and names no service of anybody.
    expect(asked.slice(2)).toEqual([
      ['Bearer own', '{ project(name: "clusterkit-probe", stage: "none") { name } }'],
    ]);
  });

  describe('a clock that differs', () => {
    const at = (answer: Answer, seconds: number): Answer => ({
      ...answer,
      headers: { date: new Date(Date.now() + seconds * 1000).toUTCString() },
    });

    test.each([
      [7200, "the server's clock is 2 hours ahead of the one of this machine"],
      [-300, "the server's clock is 5 minutes behind the one of this machine"],
    ])('of %i seconds is the reason of a refusal', async (seconds, words) => {
      const { host } = await server(noHeader, badKey, at(badKey, seconds));
      const found = await probeAuth({ host, ownToken, foreignTokens });
      expect(found.state).toBe('refused');
      expect(found.clock).toContain(words);
      const error = await kitErrorOf(() =>
        requireClosed({ host, ownToken, foreignTokens, evidence: async () => '' }),
      );
      expect([error.code, error.exitCode]).toEqual(['clock-differs', 3]);
      expect(error.message).toContain(words);
    });

    test('of some seconds, or of a server that accepts us, says nothing', async () => {
      const close = await server(noHeader, badKey, at(badKey, 10));
      expect(await probeAuth({ host: close.host, ownToken, foreignTokens })).not.toHaveProperty(
        'clock',
      );
      const fine = await server(noHeader, badKey, at(accepted, 7200));
      expect(await probeAuth({ host: fine.host, ownToken, foreignTokens })).not.toHaveProperty(
        'clock',
      );
    });
  });

  test('custom: on the path of generation A', async () => {
    const { host, seen } = await server(noHeader, badKey, accepted);
    await probeAuth({ host, path: '/cluster', ownToken, foreignTokens });
    expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(['/cluster']));
  });

  test.each([
    ['everybody', accepted, accepted],
    ['any token', noHeader, accepted],
    ['callers without token only', accepted, badKey],
  ])('open: %s is let in', async (_, nobody, stranger) => {
    const { host, seen } = await server(nobody, stranger, noService);
    expect(await probeAuth({ host, ownToken, foreignTokens })).toMatchObject({
      state: 'open',
      ownToken: 'untried',
    });
    expect(seen.map(({ headers }) => headers.authorization)).not.toContain('Bearer own');
  });

  test('refused: our key too, with the server’s words', async () => {
    const { host } = await server(noHeader, badKey, badKey);
    expect(await probeAuth({ host, ownToken, foreignTokens })).toMatchObject({
      state: 'refused',
      ownToken: 'refused',
      message: expect.stringContaining('Invalid signature'),
    });
  });

  test('refused: no key of ours is known, and we do not ask in our name', async () => {
    const { host, seen } = await server(noHeader, badKey, accepted);
    const findings = await probeAuth({ host, ownToken: undefined, foreignTokens });
    expect(findings).toMatchObject({ state: 'refused', ownToken: 'untried' });
    expect(seen).toHaveLength(2);
  });

  test.each([
    ['accepted', accepted, 'open'],
    ['answered oddly', down, 'unclear'],
  ])('%s: one stranger of several is enough', async (_, answer, state) => {
    const { host, seen } = await managementServer(({ headers: { authorization } }) => {
      if (authorization === 'Bearer own') return noService;
      return authorization === 'Bearer HS256' ? answer : badKey;
    });
    const foreignTokens = ['RS256', 'HS256', 'forged'].map((token) => new Secret(token));
    expect(await probeAuth({ host, ownToken, foreignTokens })).toMatchObject({ state });
    expect(seen).toHaveLength(4);
  });

  test.each([
    ['nobody', down, badKey, noService],
    ['a stranger', noHeader, down, noService],
    ['us', noHeader, badKey, down],
  ])('unclear: neither yes nor no to %s', async (_, nobody, stranger, us) => {
    const { host } = await server(nobody, stranger, us);
    expect(await probeAuth({ host, ownToken, foreignTokens })).toMatchObject({
      state: 'unclear',
      message: expect.stringContaining('Whoops'),
    });
  });

  test('unclear: an answer of the wrong shape accepts nobody', async () => {
    const odd: Answer = { body: { data: { listProjects: null } } };
    const { host } = await server(odd, odd, odd);
    expect((await probeAuth({ host, ownToken, foreignTokens })).state).toBe('unclear');
  });

  test('fails where nothing listens', async () => {
    const host = await silentHost();
    await expect(probeAuth({ host, ownToken, foreignTokens })).rejects.toBeInstanceOf(Unreachable);
  });
});

describe('requireClosed', () => {
  const evidence = async () => 'last words';
  const gate = (host: string) => requireClosed({ host, ownToken, foreignTokens, evidence });

  test('passes a closed server', async () => {
    await gate((await server(noHeader, badKey, noService)).host);
  });

  test('waits out a server that is not settled yet', async () => {
    let asked = 0;
    const { host } = await managementServer(({ headers: { authorization } }) => {
      asked += 1;
      if (asked <= 2) return down;
      return authorization === 'Bearer own' ? noService : badKey;
    });
    await gate(host);
    expect(asked).toBe(5);
  });

  test('fails at an open server', async () => {
    const { host } = await server(accepted, accepted, accepted);
    const error = await kitErrorOf(() => gate(host));
    expect(error).toMatchObject({ code: 'server-open', exitCode: 3 });
    expect(error.message).toContain('accepts requests without the cluster’s key');
    expect(error.message).not.toContain('last words');
  });

  test('fails at a server that refuses us, with its words and its log', async () => {
    const { host } = await server(noHeader, badKey, badKey);
    const error = await kitErrorOf(() => gate(host));
    expect(error).toMatchObject({ code: 'key-refused', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(host);
    expect(error.message).toContain('Invalid signature');
    expect(error.message).toContain('last words');
  });

  test('stops at the signal', async () => {
    const { host } = await server(down, down, down);
    const signal = AbortSignal.timeout(300);
    const startedAt = performance.now();
    await expect(
      requireClosed({ host, ownToken, foreignTokens, evidence, signal }),
    ).rejects.not.toMatchObject({ code: 'auth-unclear' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { askManagement, Unreachable } from '../../../../prisma/probe/management-client.js';
import { managementServer, refusal, silentHost } from '../../../support/management-server.js';

const query = '{ listProjects { name stage } }';
const unreachable = async (work: Promise<unknown>) => {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Unreachable);
  return (error as Unreachable).message;
};

describe('askManagement', () => {
  test('defaults: POST /management, JSON, no authorization header', async () => {
    const { host, seen } = await managementServer(() => ({ body: { data: { a: 1 } } }));
    expect(await askManagement({ host, query })).toEqual({
      data: { a: 1 },
      code: undefined,
      message: undefined,
      clockAheadMs: expect.any(Number),
      derivedSecret: false,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/management', query });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  test('custom: path and bearer token', async () => {
    const { host, seen } = await managementServer(() => ({ body: { data: {} } }));
    await askManagement({ host, path: '/cluster', query, token: new Secret('abc') });
    expect(seen[0]).toMatchObject({ path: '/cluster', headers: { authorization: 'Bearer abc' } });
  });

  test('a refusal is an answer: HTTP 200 with code and message', async () => {
    const { host } = await managementServer(() => refusal("'Authorization' header not provided"));
    expect(await askManagement({ host, query })).toEqual({
      data: undefined,
      code: 3015,
      message: "Authentication token is invalid: 'Authorization' header not provided",
      clockAheadMs: expect.any(Number),
      derivedSecret: false,
    });
  });

  test.each([
    ['HTML', '<html>Playground</html>', 'the answer is not JSON: <html>Playground</html>'],
    ['nothing', '', 'the answer is not JSON: '],
    ['a JSON value that is no object', '"OK"', 'the answer is not GraphQL'],
    ['null', 'null', 'the answer is not GraphQL'],
  ])('fails at %s', async (_, body, message) => {
    const { host } = await managementServer(() => ({ body }));
    expect(await unreachable(askManagement({ host, query }))).toBe(message);
  });

  test.each([
    { data: 7, errors: 'no list' },
    { errors: [] },
    { errors: [null] },
    { errors: ['text'] },
    { errors: [{ code: '3015', message: 4 }] },
    [],
  ])('takes odd GraphQL for what it is: %j', async (body) => {
    const { host } = await managementServer(() => ({ body }));
    expect(await askManagement({ host, query })).toEqual({
      data: undefined,
      code: undefined,
      message: undefined,
      clockAheadMs: expect.any(Number),
      derivedSecret: false,
    });
  });

  test('fails where nothing listens, with the system’s words', async () => {
    const host = await silentHost();
    expect(await unreachable(askManagement({ host, query }))).toContain('ECONNREFUSED');
  });

  test('fails at an unknown host', async () => {
    const work = askManagement({ host: 'http://no-such-host.invalid', query, timeoutMs: 20_000 });
    expect(await unreachable(work)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test('fails when no answer comes in time', async () => {
    const { host } = await managementServer(() => ({ body: undefined }));
    expect(await unreachable(askManagement({ host, query, timeoutMs: 150 }))).toBe(
      'no answer within 150 ms',
    );
  });

  test('follows no redirect: a token stays with its host', async () => {
    const other = await managementServer(() => ({ body: { data: {} } }));
    const { host } = await managementServer(() => ({
      status: 307,
      headers: { location: `${other.host}/management` },
      body: '',
    }));
    await unreachable(askManagement({ host, query, token: new Secret('abc') }));
    expect(other.seen).toEqual([]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { accountAnswer, size, sshKey } from '../../../../clients/digitalocean/answers.js';
import { openApi } from '../../../../clients/digitalocean/api.js';
import { ApiError } from '../../../../clients/digitalocean/api-error.js';
import { Secret } from '../../../../lib/secret.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';

const ACCOUNT = '/v2/account';
const any = z.unknown();

async function failureOf(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

/** A server that gives the same answer to everything. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { url, token: new Secret('dop_v1_abcdef') };
  return { api: openApi(access, { pauseMs: 1, retries: 1 }), seen, url };
}

describe('an answer', () => {
  test('is checked, and only what is known comes out', async () => {
    const { client } = await openForTest();
    const { account } = await client.get(ACCOUNT, accountAnswer);
    expect(account).toEqual({
      status: 'active',
      status_message: '',
      email: 'test@example.com',
      email_verified: true,
      droplet_limit: 10,
      volume_limit: 100,
      reserved_ip_limit: 3,
    });
  });

  test('of another form is an error that says where', async () => {
    const { client } = await openForTest();
    const error = await failureOf(client.get(ACCOUNT, z.object({ other: z.string() })));
    expect(error.code).toBe('api-unexpected');
    expect(error.message).toMatch(
      /GET http.*\/v2\/account: the answer does not have the documented form \(other: /,
    );
  });

  test('that is no JSON is an error', async () => {
    const { api } = await answering(200, '<html>maintenance</html>');
    const error = await failureOf(api.get('/v2/x', any));
    expect([error.code, error.problems[0]?.message]).toEqual([
      'api-unexpected',
      'the answer is not JSON: <html>maintenance</html>',
    ]);
  });

  test('in several pages is one list', async () => {
    const { client, call, api } = await openForTest();
    for (let index = 0; index < 201; index++) {
      await call('POST', '/v2/tags', { name: `ck-test-${index}` });
    }
    const before = api.requests.length;
    const tags = await client.list('/v2/tags', 'tags', z.object({ name: z.string() }));
    expect(tags).toHaveLength(201);
    expect(new Set(tags.map(({ name }) => name)).size).toBe(201);
    expect(api.requests.slice(before).map(({ query }) => query)).toEqual([
      '?page=1&per_page=200',
      '?page=2&per_page=200',
    ]);
  });

  test('in no pages is an empty list', async () => {
    const { client } = await openForTest();
    expect(await client.list('/v2/account/keys', 'ssh_keys', sshKey)).toEqual([]);
    expect(await client.list('/v2/sizes', 'sizes', size)).not.toEqual([]);
  });
});

describe('a refusal', () => {
  test('of the token: typed, at once, with the request id and without the token', async () => {
    const { client, api } = await openForTest({ tokens: {} });
    const error = await failureOf(client.get(ACCOUNT, any));
    expect([error.code, error.exitCode, error.status]).toEqual(['token-refused', 3, 401]);
    expect(error.message).toMatch(
      /answered 401: Unable to authenticate you, request [0-9a-f-]{36}/,
    );
    expect(error.message).not.toContain('7e57');
    expect(api.requests).toHaveLength(1);
  });

  test.each([
    [403, 'api-forbidden'],
    [404, 'api-not-found'],
    [409, 'api-refused'],
    [422, 'api-refused'],
    [302, 'api-refused'],
  ])('%i: %s, asked once', async (status, code) => {
    const { api, seen } = await answering(status, '{"message":"no"}', { location: '/elsewhere' });
    expect((await failureOf(api.get('/v2/x', any))).code).toBe(code);
    expect(seen).toEqual(['GET /v2/x']);
  });

  test('that echoes the token is blanked', async () => {
    const { api } = await answering(400, '{"error":"bad token dop_v1_abcdef"}');
    expect((await failureOf(api.get('/v2/x', any))).message).toContain('bad token [secret]');
  });
});

describe('what passes is tried again', () => {
  test.each([
    [{ status: 429, retryAfterSeconds: 0 }],
    [{ status: 500 }],
    [{ status: 502 }],
    [{ status: 503 }],
    [{ status: 504 }],
    ['reset'],
    ['answer-lost'],
  ] as const)('%j four times', async (misfortune) => {
    const { client, api } = await openForTest();
    api.faults.add({ path: ACCOUNT, times: 4, with: misfortune });
    await client.get(ACCOUNT, any);
    expect(api.requests).toHaveLength(5);
  });

  test('no answer, after the time is up', async () => {
    const { open, api } = await openForTest();
    api.faults.add({ path: ACCOUNT, with: 'no-answer' });
    await open({ timeoutMs: 100 }).get(ACCOUNT, any);
    expect(api.requests.map(({ outcome }) => outcome)).toEqual(['no-answer', 200]);
  });

  test('but not for ever', async () => {
    const { open, api } = await openForTest();
    api.faults.add({ path: ACCOUNT, times: 9, with: { status: 503 } });
    const error = await failureOf(open({ retries: 2 }).get(ACCOUNT, any));
    expect([error.code, error.status]).toEqual(['api-unavailable', 503]);
    expect(api.requests).toHaveLength(3);
  });

  test('nor beyond the patience for a Retry-After', async () => {
    const { client, api } = await openForTest();
    api.faults.add({ path: ACCOUNT, with: { status: 429, retryAfterSeconds: 3000 } });
    const error = await failureOf(client.get(ACCOUNT, any));
    expect(error.code).toBe('api-rate-limited');
    expect(error.message).toContain('ask again in 3000 s');
    expect(api.requests).toHaveLength(1);
  });

  test('a deletion whose answer was lost is done: gone already', async () => {
    const { client, call, api } = await openForTest();
    await call('POST', '/v2/tags', { name: 'ck-test' });
    api.faults.add({ method: 'DELETE', path: '/v2/tags/*', with: 'answer-lost' });
    expect(await client.remove('/v2/tags/ck-test')).toBe('absent');
    expect(api.objects()).toEqual([]);
  });

  test('a creation only when it certainly was not done', async () => {
    const { client, api } = await openForTest();
    const create = (name: string) => client.post('/v2/tags', { name }, any);
    api.faults.add({ path: '/v2/tags', with: { status: 429, retryAfterSeconds: 0 } });
    await create('ck-test-one');
    for (const misfortune of ['answer-lost', { status: 500 }] as const) {
      api.faults.clear();
      api.faults.add({ path: '/v2/tags', with: misfortune });
      await failureOf(create('ck-test-two'));
    }
    expect(api.requests).toHaveLength(4);
  });

  test('where nothing listens: unreachable, with the reason', async () => {
    const access = { url: 'http://127.0.0.1:1', token: new Secret('x') };
    const error = await failureOf(openApi(access, { retries: 1, pauseMs: 1 }).get(ACCOUNT, any));
    expect([error.code, error.exitCode, error.status]).toEqual(['api-unreachable', 3, undefined]);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('until the caller gives up', async () => {
    const { open, api } = await openForTest();
    api.faults.add({ path: ACCOUNT, times: 9, with: { status: 429, retryAfterSeconds: 30 } });
    const controller = new AbortController();
    const work = open({ signal: controller.signal }).get(ACCOUNT, any);
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(work).rejects.toThrow(/enough|aborted/);
    expect(api.requests).toHaveLength(1);
  });
});

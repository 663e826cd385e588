import { expect, test } from 'vitest';
import { apiForTest, dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';

test('an answer that never comes has no effect', async () => {
  const { api } = await apiForTest();
  api.faults.add({ path: '/v2/tags', with: 'no-answer' });
  const patience = new AbortController();
  const asked = fetch(`${api.url}/v2/tags`, {
    headers: { authorization: `Bearer ${TEST_TOKEN}` },
    signal: patience.signal,
  });
  const outcomes = () => api.requests.map(({ outcome }) => outcome);
  await expect.poll(outcomes, { timeout: 60_000 }).toEqual(['no-answer']);
  patience.abort();
  await expect(asked).rejects.toThrow('aborted');
  expect(api.objects()).toEqual([]);
});

test('the first call of each kind fails, whatever its ids, and every later one is well', async () => {
  const { api, call } = await apiForTest();
  const met = api.faults.firstOfEach({ status: 503 });
  const status = async (...args: Parameters<typeof call>) => (await call(...args)).status;
  const [path, body] = ['/v2/droplets', dropletBody()] as const;
  // What only asks what the token may do is left alone.
  expect([await status('POST', path, {}), await status('DELETE', `${path}/0`)]).toEqual([422, 404]);
  expect([await status('POST', path, body), await status('POST', path, body)]).toEqual([503, 202]);
  const second = (await call('POST', path, body)).body.droplet.id;
  const [first] = api.objects();
  expect(await status('GET', `${path}/${first?.id}`)).toBe(503);
  expect(await status('GET', `${path}/${second}`)).toBe(200);
  expect([await status('GET', path), await status('GET', path)]).toEqual([503, 200]);
  expect([await status('GET', '/v2/nowhere'), await status('GET', '/v2/nowhere')]).toEqual([
    503, 404,
  ]);
  expect(met).toEqual([
    'POST /v2/droplets',
    'GET /v2/droplets/:id',
    'GET /v2/droplets',
    'GET /v2/nowhere',
  ]);
});

test('the first of each: of some only, each way, and again when asked again', async () => {
  const { api, call } = await apiForTest();
  const tag = (name: string) => call('POST', '/v2/tags', { name });
  const met = api.faults.firstOfEach('answer-lost', { method: 'POST', pattern: /tags/ });
  await expect(tag('a')).rejects.toThrow('fetch failed');
  expect(api.objects().map(({ name }) => name)).toEqual(['a']);
  expect((await call('GET', '/v2/tags')).status).toBe(200);
  api.faults.firstOfEach({ status: 429, retryAfterSeconds: 7 }, { method: 'POST' });
  const refused = await tag('b');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await tag('b')).status).toBe(201);
  api.faults.clear();
  expect((await call('POST', '/v2/tags/b/resources', { resources: [] })).status).toBeLessThan(500);
  expect(met).toEqual(['POST /v2/tags']);
});

test('silence, then a reset connection: nothing has happened', async () => {
  const { api, call } = await apiForTest();
  api.faults.add({ path: '/v2/tags', with: { silentMs: 50 } });
  await expect(call('POST', '/v2/tags', { name: 't' })).rejects.toThrow('fetch failed');
  expect(api.objects()).toEqual([]);
  expect(api.requests.map(({ outcome }) => outcome)).toEqual(['reset']);
});

test('another process sets the same faults', async () => {
  const { api, call } = await apiForTest({ control: true });
  const faults = '/_control/faults';
  expect((await call('POST', faults, { firstOfEach: { status: 500 } })).status).toBe(204);
  expect((await call('GET', '/v2/tags')).status).toBe(500);
  expect((await call('GET', '/v2/tags')).status).toBe(200);
  await call('POST', faults, { path: '/v2/tags', with: { silentMs: 1 } });
  await expect(call('GET', '/v2/tags')).rejects.toThrow('fetch failed');
  expect((await call('POST', faults, { firstOfEach: 'sometimes' })).status).toBe(422);
  expect(api.requests).toHaveLength(3);
});

test('a droplet comes up late, or never; the one that never does can be removed', async () => {
  let now = 0;
  const { api, call } = await apiForTest({ now: () => now });
  const status = async (id: number) =>
    (await call('GET', `/v2/droplets/${id}`)).body.droplet.status;
  const path = '/v2/droplets';
  api.faults.add({ method: 'POST', path, with: { activation: { lateMs: 60_000 } } });
  api.faults.add({ method: 'POST', path, nth: 2, with: { activation: 'never' } });
  const late = (await call('POST', path, dropletBody())).body.droplet.id;
  const never = (await call('POST', path, dropletBody())).body.droplet.id;
  expect([await status(late), await status(never)]).toEqual(['new', 'new']);
  now = 3_000_000;
  expect([await status(late), await status(never)]).toEqual(['active', 'new']);
  expect((await call('DELETE', `${path}/${never}`)).status).toBe(204);
  expect(api.objects().map(({ id }) => id)).toEqual([String(late)]);
});

test('the log has every request and no token', async () => {
  const { api, call } = await apiForTest({ now: () => 0 });
  await call('GET', '/v2/droplets?tag_name=t');
  expect(api.requests).toEqual([
    {
      method: 'GET',
      path: '/v2/droplets',
      query: '?tag_name=t',
      outcome: 200,
      at: '1970-01-01T00:00:00.000Z',
    },
  ]);
  expect(JSON.stringify(api.requests)).not.toContain(TEST_TOKEN);
});

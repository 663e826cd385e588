import { expect, test } from 'vitest';
import { apiForTest, dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';

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

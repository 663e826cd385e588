import { describe, expect, test } from 'vitest';
import type { Misfortune } from '../../support/digitalocean/api/faults.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { STAND_IN_DELAY } from '../../support/digitalocean/provider.js';
import { MINIMAL, type StackProps } from './provider-stack.js';
import { account, workspace } from './provider-workspace.js';

/** A key and a droplet against an account of their own. */
async function minimal(env: Readonly<Record<string, string>> = {}) {
  const { api, provider } = await account();
  const space = await workspace({ env });
  const use = (props: StackProps = {}) => space.use({ provider, ...MINIMAL, ...props });
  await use();
  await space.init();
  const posts = (path: string) =>
    api.requests.filter((one) => one.method === 'POST' && one.path === path).length;
  return { ...space, api, use, posts };
}

const refused = (status: 422 | 429 | 500 | 503): Misfortune => ({ status, retryAfterSeconds: 0 });

describe('a call that fails', () => {
  test.each<[string, Misfortune]>([
    ['429', refused(429)],
    ['500', refused(500)],
    ['503', refused(503)],
    ['a reset connection', 'reset'],
  ])('with %s is made again, four times', async (_how, misfortune) => {
    const { api, apply, posts } = await minimal();
    api.faults.add({ method: 'POST', path: '/v2/droplets', times: 4, with: misfortune });
    await apply();
    expect(posts('/v2/droplets')).toBe(5);
    expect(api.objects().filter(({ type }) => type === 'droplet')).toHaveLength(1);
  });

  test('a fifth time is an error, and what was made is in the state', async () => {
    const { api, run, posts, plan } = await minimal();
    api.faults.add({ method: 'POST', path: '/v2/droplets', times: 5, with: refused(500) });
    const { exitCode, stderr } = await run('apply', '-auto-approve', '-no-color');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('digitalocean_droplet: cannot create it');
    expect(posts('/v2/droplets')).toBe(5);
    expect(await plan()).toEqual(['create droplet.droplet']);
  });

  test('with 422 is not made again', async () => {
    const { api, run, posts } = await minimal();
    api.faults.add({ method: 'POST', path: '/v2/droplets', with: refused(422) });
    expect((await run('apply', '-auto-approve')).exitCode).toBe(1);
    expect(posts('/v2/droplets')).toBe(1);
  });

  test('after its effect makes a second droplet, which no state knows', async () => {
    const { api, apply, destroy } = await minimal();
    api.faults.add({ method: 'POST', path: '/v2/droplets', with: 'answer-lost' });
    await apply();
    expect(api.objects().filter(({ type }) => type === 'droplet')).toHaveLength(2);
    await destroy();
    expect(api.objects().map(({ type }) => type)).toEqual(['droplet']);
  });
});

describe('a droplet', () => {
  test('that never becomes active is tainted, and can be destroyed', async () => {
    const { api, use, run, plan, destroy } = await minimal();
    await use({ droplet: { timeouts: { create: '1s', delete: '5s' } } });
    api.faults.add({ method: 'POST', path: '/v2/droplets', with: { activation: 'never' } });
    const { exitCode, stderr } = await run('apply', '-auto-approve', '-no-color');
    expect(exitCode).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /waiting for the status of droplet \d+ to become 'active'/,
    );
    expect(await plan()).toEqual(['replace droplet.droplet']);
    await destroy();
    expect(api.objects()).toEqual([]);
  });

  test('that is gone at the API is planned anew', async () => {
    const { api, apply, plan } = await minimal();
    await apply();
    const [droplet] = api.objects().filter(({ type }) => type === 'droplet');
    await fetch(`${api.url}/v2/droplets/${droplet?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${TEST_TOKEN}` },
    });
    expect(await plan()).toEqual(['create droplet.droplet']);
  });
});

describe('the provider', () => {
  test('is refused with a wrong token', async () => {
    const { use, api, run } = await minimal();
    await use({ provider: { apiEndpoint: api.url, token: 'dop_v1_wrong' } });
    const { exitCode, stderr } = await run('apply', '-auto-approve', '-no-color');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('401');
    expect(api.objects()).toEqual([]);
  });

  test('takes token, address and retries from the environment', async () => {
    const { api } = await account();
    const { use, init, apply, run } = await workspace({
      env: {
        DIGITALOCEAN_API_URL: api.url,
        DIGITALOCEAN_ACCESS_TOKEN: TEST_TOKEN,
        DIGITALOCEAN_HTTP_RETRY_MAX: '0',
      },
    });
    await use(MINIMAL);
    await init();
    await apply();
    expect(api.objects().map(({ type }) => type)).toEqual(['ssh_key', 'droplet']);
    api.faults.add({ method: 'GET', path: '/v2/account/keys/*', with: refused(500) });
    expect((await run('plan', '-input=false')).exitCode).toBe(1);
  });

  test('says which delays it takes', async () => {
    const { run } = await minimal({ [STAND_IN_DELAY]: 'soon' });
    const { exitCode, stderr } = await run('plan', '-input=false', '-no-color');
    expect(exitCode).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'CLUSTERKIT_STANDIN_DELAY="soon": it takes `real` or a number of seconds',
    );
  });
});

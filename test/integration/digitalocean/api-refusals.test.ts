import { describe, expect, test } from 'vitest';
import { apiForTest, dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';

// The blob of this key says that it is an ssh-rsa key.
const MISLABELLED = 'ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAAAQQ== ck-test';

describe('a droplet is refused', () => {
  test.each([
    [{ name: '' }, "Name can't be blank"],
    [{ name: 'a_b' }, 'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)'],
    [{ name: 'ends-' }, 'Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)'],
    [{ size: 's-9vcpu' }, 'You specified an invalid size for Droplet creation.'],
    [{ image: 'debian-3' }, 'You specified an invalid image for Droplet creation.'],
    [{ image: null }, 'You specified an invalid image for Droplet creation.'],
    [{ region: 'mars1' }, 'You specified an invalid region for Droplet creation.'],
    [{ region: 'sfo1' }, 'Region is not available'],
    [{ region: 'tor1', size: 's-1vcpu-512mb-10gb' }, 'Size is not available in this region.'],
    [{ ssh_keys: [7] }, '7 are invalid key identifiers for Droplet creation.'],
    [{ volumes: ['none'] }, 'volume none does not exist'],
    [{ tags: ['a b'] }, 'tags.0: tag name contains invalid characters'],
  ])('%j', async (changes, message) => {
    const { api, call } = await apiForTest();
    const { status, body } = await call('POST', '/v2/droplets', dropletBody(changes));
    expect(status).toBe(422);
    expect(body).toEqual({
      id: 'unprocessable_entity',
      message,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(api.objects()).toEqual([]);
  });

  test('with more user data than 64 KiB, or without an image', async () => {
    const { call } = await apiForTest();
    const long = dropletBody({ user_data: 'x'.repeat(65_537) });
    expect((await call('POST', '/v2/droplets', long)).body.message).toBe(
      'User data is too long (maximum is 64 KiB)',
    );
    const without = dropletBody({ image: undefined });
    expect((await call('POST', '/v2/droplets', without)).body.message).toBe(
      'You specified an invalid image for Droplet creation.',
    );
  });

  test('beyond the limit of the account', async () => {
    const { call } = await apiForTest({ account: { dropletLimit: 1 } });
    await call('POST', '/v2/droplets', dropletBody());
    const second = await call('POST', '/v2/droplets', dropletBody());
    expect(second.body.message).toBe(
      'creating this/these droplet(s) will exceed your droplet limit',
    );
  });

  test('on an account that is locked', async () => {
    const { call } = await apiForTest({ account: { status: 'locked' } });
    expect((await call('GET', '/v2/account')).body.account.status).toBe('locked');
    expect((await call('POST', '/v2/droplets', dropletBody())).status).toBe(403);
  });
});

describe('tokens', () => {
  test('a wrong one: 401; one without the scope: 403, also for what the body asks for', async () => {
    const { call } = await apiForTest({ tokens: { narrow: ['droplet:create', 'account:read'] } });
    expect((await call('GET', '/v2/account', undefined, 'wrong')).body).toMatchObject({
      id: 'unauthorized',
      message: 'Unable to authenticate you',
    });
    expect((await call('GET', '/v2/account', undefined, TEST_TOKEN)).status).toBe(401);
    expect((await call('GET', '/v2/account', undefined, 'narrow')).status).toBe(200);
    expect((await call('GET', '/v2/droplets', undefined, 'narrow')).body).toMatchObject({
      id: 'forbidden',
      message: 'You are not authorized to perform this operation',
    });
    const tagged = dropletBody({ tags: ['t'] });
    expect((await call('POST', '/v2/droplets', tagged, 'narrow')).status).toBe(403);
    expect((await call('POST', '/v2/droplets', dropletBody(), 'narrow')).status).toBe(202);
  });
});

describe('other requests are refused', () => {
  test('keys: not readable, and known already', async () => {
    const { call } = await apiForTest();
    const bad = await call('POST', '/v2/account/keys', { name: 'k', public_key: MISLABELLED });
    expect(bad.body.message).toBe(
      'Fingerprint could not be generated, please make sure your key is valid',
    );
    const key = { name: 'k', public_key: MISLABELLED.replace('ed25519', 'rsa') };
    expect((await call('POST', '/v2/account/keys', key)).status).toBe(201);
    const again = await call('POST', '/v2/account/keys', { ...key, name: 'other' });
    expect([again.status, again.body.message]).toEqual([
      422,
      'SSH Key is already in use on your account',
    ]);
  });

  test('volumes: name, region, twice, and a droplet elsewhere', async () => {
    const { call } = await apiForTest();
    const volume = { name: 'data', region: 'nyc3', size_gigabytes: 10 };
    const made = await call('POST', '/v2/volumes', volume);
    expect(made.status).toBe(201);
    expect((await call('POST', '/v2/volumes', volume)).status).toBe(409);
    const post = async (changes: object) =>
      (await call('POST', '/v2/volumes', { ...volume, ...changes })).status;
    expect(await post({ name: 'Data' })).toBe(422);
    expect(await post({ name: 'other', region: 'nyc2' })).toBe(422);
    expect(await post({ name: 'other', size_gigabytes: 0 })).toBe(422);
    const { id } = (await call('POST', '/v2/droplets', dropletBody())).body.droplet;
    const path = `/v2/volumes/${made.body.volume.id}/actions`;
    const attach = await call('POST', path, { type: 'attach', droplet_id: id });
    expect(attach.body.message).toBe('Droplet and volume must be in the same region');
  });

  test.each([
    [{ name: 'f', inbound_rules: [] }, 422],
    [{ name: '-f' }, 422],
    [{ ports: 'ssh' }, 422],
    [{ sources: { addresses: ['203.0.113.1/33'] } }, 422],
    [{ sources: {} }, 422],
    [{ tags: ['unknown'] }, 422],
    [{ name: 'taken' }, 409],
  ])('firewalls: %j', async (changes, status) => {
    const { call } = await apiForTest();
    const sources = { addresses: ['203.0.113.1'] };
    const firewall = (c: Record<string, unknown>) => ({
      name: 'ck-test',
      inbound_rules: [{ protocol: 'tcp', ports: c.ports ?? '22', sources: c.sources ?? sources }],
      ...c,
    });
    expect((await call('POST', '/v2/firewalls', firewall({ name: 'taken' }))).status).toBe(202);
    expect((await call('POST', '/v2/firewalls', firewall(changes))).status).toBe(status);
  });

  test('what is no JSON, and what is not there', async () => {
    const { api, call } = await apiForTest();
    const headers = { authorization: `Bearer ${TEST_TOKEN}` };
    const broken = await fetch(`${api.url}/v2/tags`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    expect((await call('GET', '/v2/nothing')).status).toBe(404);
    expect((await call('POST', '/v2/tags', { name: 'a b' })).body).toMatchObject({
      messages: null,
      root_causes: [expect.stringContaining('invalid characters')],
    });
  });
});

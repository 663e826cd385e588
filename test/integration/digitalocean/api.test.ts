import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { apiForTest, dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { type DropletSpec, noRuntime } from '../../support/digitalocean/api/droplet-runtime.js';

/** A new public key in OpenSSH form. */
function publicKey(): string {
  const { publicKey: key } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const blob = Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]);
  return `ssh-ed25519 ${blob.toString('base64')} ck-test`;
}

describe('time', () => {
  test('a droplet takes the time that it takes, on the clock of the test', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const { call } = await apiForTest({
      now: () => now,
      time: { dropletCreate: 32_000, dropletDelete: 5000 },
    });
    const { id } = (await call('POST', '/v2/droplets', dropletBody())).body.droplet;
    now += 20_000;
    const early = (await call('GET', `/v2/droplets/${id}`)).body.droplet;
    expect([early.status, early.locked]).toEqual(['new', true]);
    expect((await call('DELETE', `/v2/droplets/${id}`)).body.message).toBe(
      'Droplet already has a pending event.',
    );
    now += 20_000;
    expect((await call('GET', `/v2/droplets/${id}`)).body.droplet.status).toBe('active');
    expect((await call('DELETE', `/v2/droplets/${id}`)).status).toBe(204);
    expect((await call('GET', `/v2/droplets/${id}`)).status).toBe(200);
    now += 10_000;
    expect((await call('GET', `/v2/droplets/${id}`)).status).toBe(404);
  });
});

describe('lists', () => {
  test('come in pages with links', async () => {
    const { api, call } = await apiForTest();
    for (const name of ['a', 'b', 'c']) {
      await call('POST', '/v2/droplets', dropletBody({ name }));
    }
    const third = (await call('GET', '/v2/droplets?per_page=1&page=3')).body;
    expect(third.droplets.map(({ name }: { name: string }) => name)).toEqual(['c']);
    const first = `${api.url}/v2/droplets?per_page=1&page=1`;
    const prev = `${api.url}/v2/droplets?per_page=1&page=2`;
    expect(third).toMatchObject({ links: { pages: { first, prev } }, meta: { total: 3 } });
    const sizes = (await call('GET', '/v2/sizes?per_page=200')).body.sizes;
    expect(sizes.find(({ slug }: { slug: string }) => slug === 's-2vcpu-4gb').price_monthly).toBe(
      24,
    );
  });
});

describe('the runtime behind the droplets', () => {
  test('gets the user data, keys and firewall at birth; the API gives no user data back', async () => {
    const specs: DropletSpec[] = [];
    const applied: unknown[] = [];
    const calls: string[] = [];
    const runtime = {
      ...noRuntime(),
      create: async (spec: DropletSpec) => {
        specs.push(spec);
        return { ipv4: '192.0.2.44' };
      },
      reboot: async () => void calls.push('reboot'),
      powerCycle: async () => void calls.push('powerCycle'),
      destroy: async () => void calls.push('destroy'),
      applyFirewall: async (_: number, rules: unknown) => void applied.push(rules),
    };
    const { api, call } = await apiForTest({ runtime });
    const line = publicKey();
    await call('POST', '/v2/account/keys', { name: 'k', public_key: line });
    const [key] = (await call('GET', '/v2/account/keys')).body.ssh_keys;
    await call('POST', '/v2/tags', { name: 'web' });
    const inbound_rules = [
      { protocol: 'tcp', ports: '8000-9000', sources: { addresses: ['192.0.2.0/24'] } },
    ];
    const firewall = { name: 'f1', tags: ['web'], inbound_rules };
    const { id: firewallId } = (await call('POST', '/v2/firewalls', firewall)).body.firewall;
    const made = await call(
      'POST',
      '/v2/droplets',
      dropletBody({ ssh_keys: [key.fingerprint], user_data: '#cloud-config\n', tags: ['web'] }),
    );
    const { id } = made.body.droplet;
    await api.idle();
    expect(specs).toMatchObject([
      {
        id,
        image: 'ubuntu-24-04-x64',
        size: { slug: 's-1vcpu-2gb', memoryMb: 2048 },
        userData: '#cloud-config\n',
        sshPublicKeys: [line],
        volumes: [],
        firewall: {
          inbound: [
            { protocol: 'tcp', ports: { first: 8000, last: 9000 }, addresses: ['192.0.2.0/24'] },
          ],
          outbound: [],
        },
      },
    ]);
    expect(JSON.stringify((await call('GET', `/v2/droplets/${id}`)).body)).not.toContain('cloud');
    expect(api.userData(id)).toBe('#cloud-config\n');
    for (const type of ['reboot', 'power_cycle']) {
      const { action } = (await call('POST', `/v2/droplets/${id}/actions`, { type })).body;
      await api.idle();
      expect((await call('GET', `/v2/actions/${action.id}`)).body.action.status).toBe('completed');
    }
    await call('DELETE', `/v2/firewalls/${firewallId}`);
    await api.idle();
    expect(applied.at(-1)).toBeUndefined();
    await call('DELETE', `/v2/droplets/${id}`);
    expect(calls).toEqual(['reboot', 'powerCycle', 'destroy']);
  });

  test('that fails leaves a droplet that never comes up, and an action that says so', async () => {
    const runtime = {
      ...noRuntime(),
      create: async () => {
        throw new Error('no room');
      },
    };
    const { api, call } = await apiForTest({ runtime });
    const made = (await call('POST', '/v2/droplets', dropletBody())).body;
    const href = `/v2/actions/${made.links.actions[0].id}`;
    expect((await call('GET', href)).body.action.status).toBe('errored');
    expect(api.runtimeErrors.map(({ message }) => message)).toEqual(['no room']);
    expect((await call('DELETE', `/v2/droplets/${made.droplet.id}`)).status).toBe(204);
  });
});

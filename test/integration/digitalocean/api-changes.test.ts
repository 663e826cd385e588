import { expect, test } from 'vitest';
import { apiForTest, dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { type FirewallRules, noRuntime } from '../../support/digitalocean/api/droplet-runtime.js';

const ssh = (address: string) => ({
  protocol: 'tcp',
  ports: '22',
  sources: { addresses: [address] },
});

test('rules follow tags and changes of the firewall', async () => {
  const applied: (FirewallRules | undefined)[] = [];
  const runtime = {
    ...noRuntime(),
    applyFirewall: async (_: number, rules: FirewallRules | undefined) => void applied.push(rules),
  };
  const { api, call } = await apiForTest({ runtime });
  const sources = async () => {
    await api.idle();
    return applied.at(-1)?.inbound.flatMap(({ addresses }) => addresses);
  };
  await call('POST', '/v2/tags', { name: 'web' });
  const made = await call('POST', '/v2/droplets', dropletBody());
  const { id } = made.body.droplet;
  await api.idle();
  const body = { name: 'fw', tags: ['web'], inbound_rules: [ssh('192.0.2.1')] };
  const { firewall } = (await call('POST', '/v2/firewalls', body)).body;
  const path = `/v2/firewalls/${firewall.id}`;
  expect(await sources()).toBeUndefined();
  const resources = [{ resource_id: String(id), resource_type: 'droplet' }];
  await call('POST', '/v2/tags/web/resources', { resources });
  expect(await sources()).toEqual(['192.0.2.1']);
  await call('PUT', path, { ...body, inbound_rules: [ssh('192.0.2.2')] });
  expect(await sources()).toEqual(['192.0.2.2']);
  expect((await call('DELETE', '/v2/tags/web')).status).toBe(422);
  await call('PUT', path, { name: 'fw', inbound_rules: [ssh('192.0.2.2')] });
  expect(await sources()).toBeUndefined();
  expect((await call('GET', path)).body.firewall).toMatchObject({
    status: 'succeeded',
    tags: [],
    pending_changes: [],
  });
});

test('a volume that cannot be attached stays free; one that is, goes with its droplet', async () => {
  let isBroken = true;
  const runtime = {
    ...noRuntime(),
    attachVolume: async () => {
      if (isBroken) throw new Error('no disk');
    },
  };
  const { call } = await apiForTest({ runtime });
  const body = { name: 'data', region: 'fra1', size_gigabytes: 10 };
  const { volume } = (await call('POST', '/v2/volumes', body)).body;
  const { id } = (await call('POST', '/v2/droplets', dropletBody())).body.droplet;
  await call('GET', '/v2/account');
  const path = `/v2/volumes/${volume.id}`;
  const act = async (request: object) => {
    const { action } = (await call('POST', `${path}/actions`, request)).body;
    return (await call('GET', `${path}/actions/${action.id}`)).body.action.status;
  };
  expect(await act({ type: 'attach', droplet_id: id })).toBe('errored');
  expect((await call('GET', path)).body.volume.droplet_ids).toEqual([]);
  isBroken = false;
  expect(await act({ type: 'attach', droplet_id: id })).toBe('completed');
  expect(await act({ type: 'resize', size_gigabytes: 20 })).toBe('completed');
  await call('DELETE', `/v2/droplets/${id}`);
  expect((await call('GET', '/v2/volumes')).body.volumes).toMatchObject([
    { size_gigabytes: 20, droplet_ids: [] },
  ]);
});

test('a reserved address moves to the droplet that it is made for', async () => {
  const moved: unknown[] = [];
  const runtime = {
    ...noRuntime(),
    reserveAddress: async () => '172.30.0.9',
    moveAddress: async (...move: unknown[]) => void moved.push(move),
  };
  const { call } = await apiForTest({ runtime, account: { reservedIpLimit: 1 } });
  const { id } = (await call('POST', '/v2/droplets', dropletBody())).body.droplet;
  await call('GET', '/v2/account');
  const made = await call('POST', '/v2/reserved_ips', { droplet_id: id });
  expect(made.body).toMatchObject({
    reserved_ip: { ip: '172.30.0.9', droplet: null, locked: true },
    links: { droplets: [{ id }], actions: [{ rel: 'assign_ip' }] },
  });
  expect((await call('GET', '/v2/reserved_ips/172.30.0.9')).body.reserved_ip).toMatchObject({
    droplet: { id },
    locked: false,
  });
  expect((await call('POST', '/v2/reserved_ips', { region: 'fra1' })).status).toBe(422);
  await call('DELETE', `/v2/droplets/${id}`);
  const { body } = await call('POST', '/v2/reserved_ips/172.30.0.9/actions', { type: 'unassign' });
  expect(body.message).toBe('The reserved IP is not assigned to a Droplet.');
  expect((await call('DELETE', '/v2/reserved_ips/172.30.0.9')).status).toBe(204);
  expect(moved).toEqual([
    ['172.30.0.9', id],
    ['172.30.0.9', undefined],
  ]);
});

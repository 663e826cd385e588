import { expect, test } from 'vitest';
import { dropletCost } from '../../../../../targets/droplet/account/cost.js';
import { dropletSettings } from '../../../../support/digitalocean/droplet-context.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';

test('defaults: droplet and volume', async () => {
  const { client } = await openForTest();
  expect(await dropletCost(dropletSettings(), client)).toEqual({
    currency: 'USD',
    items: [
      {
        what: 'droplet',
        name: 'clusterkit-ck-test-a-droplet',
        detail: 's-1vcpu-2gb in fra1: 1 vCPU, 2 GB of memory, 50 GB of disk; ubuntu-24-04-x64',
        monthly: 12,
        price: 'api',
      },
      {
        what: 'volume',
        name: 'clusterkit-ck-test-a-data',
        detail: '10 GB in fra1',
        monthly: 1,
        price: 'list',
      },
      {
        what: 'firewall',
        name: 'clusterkit-ck-test-a-firewall',
        detail: 'free',
        monthly: 0,
        price: 'list',
      },
      {
        what: 'ssh_key',
        name: 'clusterkit-ck-test-a-login',
        detail: 'free',
        monthly: 0,
        price: 'list',
      },
    ],
    monthly: 13,
    hourlyDroplet: 0.01786,
  });
});

test('custom: backups, address, project, a bigger volume', async () => {
  const { client } = await openForTest();
  const settings = dropletSettings({
    size: 's-2vcpu-4gb',
    volume: { sizeGb: 25 },
    backups: true,
    reservedIp: true,
    project: 'ck-test',
  });
  const { items, monthly } = await dropletCost(settings, client);
  expect(items.map(({ what, monthly }) => [what, monthly])).toEqual([
    ['droplet', 24],
    ['backups', 4.8],
    ['volume', 2.5],
    ['reserved_ip', 0],
    ['firewall', 0],
    ['ssh_key', 0],
    ['project', 0],
  ]);
  expect(monthly).toBe(31.3);
});

test('no volume; fails at a size that there is not', async () => {
  const { client, api } = await openForTest();
  expect((await dropletCost(dropletSettings({ volume: false }), client)).monthly).toBe(12);
  await expect(dropletCost(dropletSettings({ size: 's-1vcpu-2bg' }), client)).rejects.toThrow(
    "Did you mean 's-1vcpu-2gb'",
  );
  expect(api.objects()).toEqual([]);
});

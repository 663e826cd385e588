import { expect, test } from 'vitest';
import { readAccountObjects } from '../../../../../targets/droplet/account/account-facts.js';
import { kitObjects } from '../../../../../targets/droplet/account/kit-objects.js';
import { remainingOf } from '../../../../../targets/droplet/account/remaining.js';
import { dropletBody } from '../../../../support/digitalocean/api/api-for-test.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';

/** An account with a cluster, a snapshot of each of its parts, and one of somebody else's volume. */
async function accountWithSnapshots() {
  const { client, call, api } = await openForTest();
  const tags = ['clusterkit', 'clusterkit-one', 'team:blue'];
  const made = await call(
    'POST',
    '/v2/droplets',
    dropletBody({ tags, name: 'clusterkit-one-droplet' }),
  );
  const droplet = made.body.droplet.id;
  await api.idle();
  const volume = async (name: string, own: readonly string[]) => {
    const body = { name, region: 'fra1', size_gigabytes: 10, tags: own };
    return (await call('POST', '/v2/volumes', body)).body.volume.id as string;
  };
  const data = await volume('clusterkit-one-data', tags);
  const other = await volume('of-others', []);
  for (const id of [data, other])
    await call('POST', `/v2/volumes/${id}/snapshots`, { name: 'friday' });
  await call('GET', `/v2/droplets/${droplet}`);
  await call('POST', `/v2/droplets/${droplet}/actions`, {
    type: 'snapshot',
    name: 'before\u001b[31m',
  });
  await api.idle();
  const before = kitObjects(await readAccountObjects(client)).filter(
    (one) => one.cluster === 'one',
  );
  await call('DELETE', `/v2/droplets/${droplet}`);
  await call('DELETE', `/v2/volumes/${data}`);
  await api.idle();
  return { client, api, before };
}

const TLS = { kind: 'acme', domain: 'api.example.com', proxyImage: 'caddy:2' } as const;

test('snapshots of the cluster’s own parts, unused tags, and the DNS record', async () => {
  const { client, before } = await accountWithSnapshots();
  const found = await remainingOf(client, { tags: ['team:blue'], tls: TLS }, before);
  expect(found).toEqual([
    {
      ...{ kind: 'snapshot', name: 'friday', id: expect.any(String), costs: true },
      detail: 'of the volume, 10 GB',
      remove: expect.stringMatching(/^doctl compute snapshot delete [0-9a-f-]{36}$/),
    },
    {
      ...{ kind: 'snapshot', name: 'before\u001b[31m', id: expect.any(String), costs: true },
      detail: expect.stringMatching(/^of the droplet, \d+ GB$/),
      remove: expect.stringMatching(/^doctl compute snapshot delete \d+$/),
    },
    expect.objectContaining({ kind: 'tag', name: 'team:blue', costs: false }),
    expect.objectContaining({ kind: 'dns-record', name: 'api.example.com', costs: false }),
  ]);
});

test('a cluster that never was leaves nothing, and nothing is asked for', async () => {
  const { client, api } = await accountWithSnapshots();
  const asked = api.requests.length;
  expect(await remainingOf(client, { tags: [], tls: TLS }, [])).toEqual([]);
  expect(api.requests).toHaveLength(asked);
});

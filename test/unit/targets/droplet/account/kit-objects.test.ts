import { describe, expect, test } from 'vitest';
import { KitError } from '../../../../../lib/errors.js';
import { readAccountObjects } from '../../../../../targets/droplet/account/account-facts.js';
import { kitObjects } from '../../../../../targets/droplet/account/kit-objects.js';
import { removeKitObjects } from '../../../../../targets/droplet/account/remove-objects.js';
import { dropletBody } from '../../../../support/digitalocean/api/api-for-test.js';
import { newPublicKey, putCluster } from '../../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';

type Fake = Awaited<ReturnType<typeof openForTest>>;

const find = async ({ client }: Pick<Fake, 'client'>) =>
  kitObjects(await readAccountObjects(client));

/** Things that are not the kit's, though they look a little like it. */
async function putOthers({ call }: Fake) {
  await call('POST', '/v2/droplets', dropletBody({ tags: ['clusterkit', 'clusterkit:UPPER'] }));
  await call('POST', '/v2/volumes', { name: 'ck-test', region: 'fra1', size_gigabytes: 1 });
  const publicKey = newPublicKey();
  await call('POST', '/v2/account/keys', { name: 'clusterkit-login', public_key: publicKey });
  await call('POST', '/v2/projects', { name: 'ck-test', purpose: 'IoT' });
}

describe('kitObjects', () => {
  test('an account with nothing, or nothing of ours', async () => {
    const fake = await openForTest();
    expect(await find(fake)).toEqual([]);
    await putOthers(fake);
    expect(await find(fake)).toEqual([]);
  });

  test('every part of a cluster, and whose it is', async () => {
    const fake = await openForTest();
    const ids = await putCluster(fake.call, 'ck-test-a');
    const found = await find(fake);
    expect(found.map(({ kind, id, cluster }) => [kind, id, cluster])).toEqual([
      ['droplet', ids.droplet, 'ck-test-a'],
      ['volume', ids.volume, 'ck-test-a'],
      ['firewall', ids.firewall, 'ck-test-a'],
      ['ssh_key', ids.key, 'ck-test-a'],
      ['project', ids.project, 'ck-test-a'],
      ['reserved_ip', ids.address, 'ck-test-a'],
    ]);
    expect(found[0]).toMatchObject({
      name: 'clusterkit-ck-test-a-droplet',
      detail: 'active in fra1',
    });
    expect(found[1]?.detail).toBe(`10 GB in fra1, attached to droplet ${ids.droplet}`);
  });

  test('a volume whose cluster’s tag was removed, by its name; none that has no tag of ours', async () => {
    const fake = await openForTest();
    const body = { name: 'clusterkit-ck-test-a-data', size_gigabytes: 1 };
    await fake.call('POST', '/v2/volumes', { ...body, region: 'fra1', tags: ['clusterkit'] });
    await fake.call('POST', '/v2/volumes', { ...body, region: 'ams3', tags: ['other'] });
    expect((await find(fake)).map(({ kind, cluster }) => [kind, cluster])).toEqual([
      ['volume', 'ck-test-a'],
    ]);
  });

  test('an address that is assigned to nothing carries no mark; a tag on nothing does', async () => {
    const fake = await openForTest();
    await fake.call('POST', '/v2/reserved_ips', { region: 'fra1' });
    for (const name of ['clusterkit', 'clusterkit:gone', 'other']) {
      await fake.call('POST', '/v2/tags', { name });
    }
    expect((await find(fake)).map(({ kind, name, cluster }) => [kind, name, cluster])).toEqual([
      ['tag', 'clusterkit', undefined],
      ['tag', 'clusterkit:gone', 'gone'],
      ['reserved_ip', '198.51.100.10', undefined],
    ]);
  });
});

describe('removeKitObjects', () => {
  test('clears the account of a whole cluster and its tags, and of nothing else', async () => {
    const fake = await openForTest();
    await putOthers(fake);
    await putCluster(fake.call, 'ck-test-b');
    const others = fake.api.objects();
    await putCluster(fake.call, 'ck-test-a');
    const mine = (await find(fake)).filter(({ cluster }) => cluster === 'ck-test-a');
    const removals = await removeKitObjects(fake.client, mine);
    expect(removals.map(({ object, outcome }) => [object.kind, outcome])).toEqual([
      ['reserved_ip', 'removed'],
      ['droplet', 'removed'],
      ['volume', 'removed'],
      ['firewall', 'removed'],
      ['project', 'removed'],
      ['ssh_key', 'removed'],
    ]);
    expect(fake.api.objects()).toEqual(others);
    const again = await removeKitObjects(fake.client, mine);
    expect(again.map(({ outcome }) => outcome)).toEqual(mine.map(() => 'absent'));
    const rest = (await find(fake)).filter(({ cluster }) => cluster === 'ck-test-b');
    await removeKitObjects(fake.client, rest);
    expect((await find(fake)).map(({ name }) => name)).toEqual([]);
  });

  test('detaches a volume from a droplet that stays, and moves what a project holds', async () => {
    const fake = await openForTest();
    const ids = await putCluster(fake.call, 'ck-test-a');
    const parts = (await find(fake)).filter(({ kind }) => kind === 'volume' || kind === 'project');
    await removeKitObjects(fake.client, parts);
    expect(fake.api.objects().map(({ type, id }) => [type, id])).toEqual([
      ['ssh_key', ids.key],
      ['droplet', ids.droplet],
      ['firewall', ids.firewall],
      ['reserved_ip', ids.address],
      ['tag', 'clusterkit'],
      ['tag', 'clusterkit:ck-test-a'],
    ]);
  });

  test('waits for a droplet that is busy, and until it is gone', async () => {
    const delays = { dropletDelete: 300, reboot: 300 };
    const fake = await openForTest({ time: delays });
    const { droplet } = await putCluster(fake.call, 'ck-test-a');
    await fake.call('POST', `/v2/droplets/${droplet}/actions`, { type: 'reboot' });
    await removeKitObjects(fake.client, await find(fake));
    expect(fake.api.objects()).toEqual([]);
  });

  test('any call may fail once, each way: the account is clear all the same', async () => {
    const fake = await openForTest();
    for (const misfortune of [{ status: 500 }, 'reset', 'answer-lost'] as const) {
      await putCluster(fake.call, 'ck-test-a');
      const objects = await find(fake);
      fake.api.faults.clear();
      for (const path of ['droplets', 'volumes', 'firewalls', 'account/keys', 'projects']) {
        fake.api.faults.add({ method: 'DELETE', path: `/v2/${path}/*`, with: misfortune });
      }
      await removeKitObjects(fake.client, objects);
      expect(fake.api.objects()).toEqual([]);
    }
  });

  test('what cannot be removed is reported, all of it, and keeps nothing but the login key', async () => {
    const fake = await openForTest();
    const ids = await putCluster(fake.call, 'ck-test-a');
    fake.api.faults.add({ path: '/v2/firewalls/*', times: 9, with: { status: 503 } });
    fake.api.faults.add({ path: '/v2/projects/*', times: 9, with: { status: 503 } });
    const error = await removeKitObjects(fake.client, await find(fake)).catch((one) => one);
    expect(error).toBeInstanceOf(KitError);
    const { code, exitCode, problems, done } = error as KitError;
    expect([code, exitCode, done.length]).toEqual(['account-not-cleared', 3, 3]);
    expect(problems.map(({ path }) => path)).toEqual([
      `firewall clusterkit-ck-test-a-firewall (${ids.firewall})`,
      `project ck-test ck-test-a (${ids.project})`,
    ]);
    fake.api.faults.clear();
    const rest = await find(fake);
    expect(rest.map(({ kind }) => kind)).toContain('ssh_key');
    await removeKitObjects(fake.client, rest);
    expect(fake.api.objects()).toEqual([]);
  });

  test('unused tags stay where Terraform may just be about to use them', async () => {
    const fake = await openForTest();
    await putCluster(fake.call, 'ck-test-a');
    await removeKitObjects(fake.client, await find(fake), { unusedTags: 'kept' });
    expect(fake.api.objects().map(({ name }) => name)).toEqual([
      'clusterkit',
      'clusterkit:ck-test-a',
    ]);
  });
});

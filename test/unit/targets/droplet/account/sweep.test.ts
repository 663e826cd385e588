import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyDirectory } from '../../../../../cluster/keys/key-directory.js';
import { ensureSecrets } from '../../../../../cluster/keys/key-store.js';
import { stateFile } from '../../../../../cluster/project.js';
import { Secret } from '../../../../../lib/secret.js';
import { writeEntry } from '../../../../../registry/file/change-entries.js';
import { accountName, clusterTag } from '../../../../../stacks/droplet/account-names.js';
import {
  forgetDroplet,
  ownAccountObjects,
  sweepDroplet,
} from '../../../../../targets/droplet/account/sweep.js';
import { writeKnownHosts } from '../../../../../targets/droplet/keys/known-hosts.js';
import { ensureSshKeys } from '../../../../../targets/droplet/keys/ssh-keys.js';
import { writeUserData } from '../../../../../targets/droplet/keys/user-data-file.js';
import { dropletBody } from '../../../../support/digitalocean/api/api-for-test.js';
import { type ApiOptions, TEST_TOKEN } from '../../../../support/digitalocean/api/server.js';
import { dropletContext } from '../../../../support/digitalocean/droplet-context.js';
import { newPublicKey, putCluster } from '../../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { stateKnowing } from '../../../../support/terraform-state.js';

const cluster = 'ck-test-a';
const tags = ['clusterkit', clusterTag(cluster)];
const HOST_KEY = newPublicKey();

/** An account, a project, and the two stages. */
async function start(options: ApiOptions = {}) {
  const fake = await openForTest(options);
  const { project, registry, home } = await dropletContext(fake.api.url, { clusters: [cluster] });
  const keys = keyDirectory(project.stateDir, cluster);
  const state = stateFile(project.stateDir, cluster);
  const place = { cluster, project: project.stateDir, keyDirectory: keys, registry };
  const put = async (path: string, body: unknown) => {
    const answer = await fake.call('POST', path, body);
    if (answer.status > 299) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  return {
    ...fake,
    ...{ home, registry, keys, place, put },
    sweep: () => sweepDroplet({ ...place, stateFile: state }, fake.open({ retries: 1 })),
    forget: () => forgetDroplet(place, fake.open({ retries: 1 })),
    own: async () => (await ownAccountObjects(fake.client, place)).map(({ kind }) => kind),
    makeKeys: async () => (await ensureSshKeys(keys)).login.publicKey,
    writeState: async (text: string) => {
      await mkdir(dirname(state), { recursive: true });
      await writeFile(state, text);
    },
    /** What Terraform's state knows. */
    knows: async (...ids: string[]) => {
      await mkdir(dirname(state), { recursive: true });
      await writeFile(state, stateKnowing(...ids));
    },
    contacted: async (droplet: string) => {
      await mkdir(keys, { recursive: true });
      await writeKnownHosts(keys, { host: '203.0.113.7', droplet, keys: [HOST_KEY] });
    },
    twin: async () =>
      String(
        (await put('/v2/droplets', dropletBody({ name: accountName(cluster, 'droplet'), tags })))
          .droplet.id,
      ),
  };
}

const kinds = (objects: readonly { readonly type: string }[]) => objects.map(({ type }) => type);

describe('sweepDroplet', () => {
  test('an account with nothing, and one whose parts are all known: nothing goes', async () => {
    const { sweep, call, knows, api } = await start();
    expect(await sweep()).toBe(0);
    await knows(...Object.values(await putCluster(call, cluster)));
    const before = api.objects();
    expect(await sweep()).toBe(0);
    expect(api.objects()).toEqual(before);
  });

  test('the password is there before there is a place for data, and never after', async () => {
    const { sweep, call, keys, knows } = await start();
    await sweep();
    expect(await readdir(keys)).toEqual(['database-password']);
    await rm(keys, { recursive: true });
    await knows(...Object.values(await putCluster(call, cluster)));
    await sweep();
    await expect(readdir(keys)).rejects.toThrow('ENOENT');
  });

  test('what a cut run left goes: a key and a firewall that it would collide with', async () => {
    const { sweep, put, makeKeys, api } = await start();
    const key = { name: accountName(cluster, 'login'), public_key: await makeKeys() };
    await put('/v2/account/keys', key);
    await put('/v2/tags', { name: clusterTag(cluster) });
    await put('/v2/firewalls', {
      name: accountName(cluster, 'firewall'),
      tags: [clusterTag(cluster)],
      inbound_rules: [{ protocol: 'tcp', ports: '22', sources: { addresses: ['203.0.113.7'] } }],
    });
    expect(await sweep()).toBe(2);
    // Terraform makes a tag that is there, or knows this one.
    expect(kinds(api.objects())).toEqual(['tag']);
  });

  test('a second droplet after a lost answer goes, with the address that points at it', async () => {
    const { sweep, call, put, knows, twin, api } = await start();
    const { key, droplet, firewall, address, volume, project } = await putCluster(call, cluster);
    await knows(key, droplet, firewall, address, volume, project);
    const before = api.objects();
    const second = await twin();
    await call('GET', `/v2/droplets/${second}`);
    await put('/v2/reserved_ips', { droplet_id: Number(second) });
    expect(await sweep()).toBe(2);
    expect(api.objects()).toEqual(before);
  });

  test('an address that somebody pointed at a droplet that stays is left alone', async () => {
    const { sweep, call, knows, api } = await start();
    const { address: _, ...ids } = await putCluster(call, cluster);
    await knows(...Object.values(ids));
    const before = api.objects();
    expect(await sweep()).toBe(0);
    expect(api.objects()).toEqual(before);
  });

  test('never a volume: it may hold data, and `up` takes it over', async () => {
    const { sweep, put, twin, makeKeys, api } = await start();
    const key = { name: accountName(cluster, 'login'), public_key: await makeKeys() };
    await put('/v2/account/keys', key);
    await put('/v2/volumes', {
      ...{ name: accountName(cluster, 'data'), region: 'fra1', size_gigabytes: 10, tags },
    });
    await twin();
    const before = api.objects();
    const error = await kitErrorOf(sweep);
    expect([error.code, error.exitCode]).toEqual(['volume-unadopted', 2]);
    expect(error.message).toContain(`volume ${accountName(cluster, 'data')}`);
    expect(error.message).toContain(`clusterkit up ${cluster}`);
    expect(api.objects()).toEqual(before);
  });

  test('never a droplet that was set up, whose state is lost', async () => {
    const { sweep, call, contacted, api } = await start();
    const { droplet } = await putCluster(call, cluster);
    await contacted(droplet);
    const before = api.objects();
    const error = await kitErrorOf(sweep);
    expect([error.code, error.exitCode]).toEqual(['droplet-unadopted', 2]);
    expect(error.problems.map(({ message }) => message.split(' ')[0])).toEqual([
      'droplet',
      'volume',
    ]);
    expect(api.objects()).toEqual(before);
  });

  test('what is somebody else’s is refused, whatever of it is there', async () => {
    const { sweep, call, makeKeys, api } = await start();
    await makeKeys();
    await putCluster(call, cluster);
    const before = api.objects();
    const error = await kitErrorOf(sweep);
    expect([error.code, error.exitCode]).toEqual(['cluster-elsewhere', 2]);
    expect(api.objects()).toEqual(before);
  });

  test('a damaged state is Terraform’s to complain about', async () => {
    const { sweep, call, writeState, api } = await start();
    await putCluster(call, cluster);
    await writeState('{ "resources": [');
    const before = api.objects();
    expect(await sweep()).toBe(0);
    expect(api.objects()).toEqual(before);
  });

  test('a name that the registry has for another cluster: before anything is looked at', async () => {
    const { sweep, registry, api } = await start();
    await writeEntry(registry, {
      ...{ name: 'other', host: 'http://other:4466', clusterSecret: new Secret('x') },
    });
    expect(await sweep()).toBe(0);
    await mkdir(dirname(registry), { recursive: true });
    await writeFile(registry, `clusters:\n  ${cluster}:\n    host: http://other:4466\n`);
    const calls = api.requests.length;
    expect((await kitErrorOf(sweep)).code).toBe('registry-conflict');
    expect(api.requests.length).toBe(calls);
  });

  test('a token that cannot see whether there is anything', async () => {
    const { sweep } = await start({ tokens: { [TEST_TOKEN]: ['droplet:read', 'tag:read'] } });
    const error = await kitErrorOf(sweep);
    expect(error.code).toBe('token-scopes');
    expect(error.message).toContain('firewall:read, ssh_key:read');
  });
});

describe('forgetDroplet', () => {
  test('nothing on the account: no key stays here, and no tag there', async () => {
    const { forget, put, keys, makeKeys, api } = await start();
    await ensureSecrets(keys, 'rsa');
    await makeKeys();
    for (const name of tags) await put('/v2/tags', { name });
    expect(await forget()).toEqual({ removed: 0, keptData: false });
    expect(api.objects()).toEqual([]);
    await expect(readdir(keys)).rejects.toThrow('ENOENT');
    expect(await forget()).toEqual({ removed: 0, keptData: false });
  });

  test('while Terraform still has the login key, the rest goes and nothing is forgotten', async () => {
    const { forget, put, keys, makeKeys, twin, knows, api } = await start();
    await ensureSecrets(keys, 'rsa');
    const body = { name: accountName(cluster, 'login'), public_key: await makeKeys() };
    await knows(String((await put('/v2/account/keys', body)).ssh_key.id));
    await twin();
    expect(await forget()).toEqual({ removed: 1, keptData: false });
    expect(kinds(api.objects())).toEqual(['ssh_key', 'tag', 'tag']);
    expect(await readdir(keys)).toContain('login-key');
  });

  test('a volume keeps its password, and nothing of the droplet', async () => {
    const { forget, put, keys, makeKeys, contacted, api, own } = await start();
    await ensureSecrets(keys, 'rsa');
    await makeKeys();
    await contacted('7');
    await writeUserData(keys, new Secret('#cloud-config\n'));
    await put('/v2/volumes', {
      ...{ name: accountName(cluster, 'data'), region: 'fra1', size_gigabytes: 10, tags },
    });
    expect(await forget()).toEqual({ removed: 0, keptData: true });
    expect((await readdir(keys)).sort()).toEqual(['database-password', 'private.pem']);
    expect(kinds(api.objects())).toEqual(['volume', 'tag', 'tag']);
    expect(await own()).toEqual(['volume']);
  });

  test('the state is lost: all goes but the volume, and then the password stays', async () => {
    const { forget, call, keys, makeKeys, api, own } = await start();
    await ensureSecrets(keys, 'rsa');
    await putCluster(call, cluster, await makeKeys());
    expect(await own()).toEqual([
      ...['droplet', 'volume', 'firewall', 'ssh_key', 'project', 'reserved_ip'],
    ]);
    expect(await forget()).toEqual({ removed: 5, keptData: true });
    expect(kinds(api.objects())).toEqual(['volume', 'tag', 'tag']);
    expect(await readdir(keys)).toContain('database-password');
  });

  test('somebody else’s cluster of that name is not touched', async () => {
    const { forget, call, keys, makeKeys, api, own } = await start();
    await ensureSecrets(keys, 'rsa');
    await makeKeys();
    await putCluster(call, cluster);
    const before = api.objects();
    expect(await own()).toEqual([]);
    // Its volume may be ours all the same, for all that can be told.
    expect(await forget()).toEqual({ removed: 0, keptData: true });
    expect(api.objects()).toEqual(before);
  });

  test('whatever became of the key store and the state', async () => {
    const { forget, call, keys, contacted, writeState, api } = await start();
    const { droplet, volume } = await putCluster(call, cluster);
    await contacted(droplet);
    await writeState('no JSON');
    await writeFile(`${keys}/login-key`, 'no key');
    await call('POST', `/v2/volumes/${volume}/actions`, {
      ...{ type: 'detach', droplet_id: Number(droplet) },
    });
    await call('DELETE', `/v2/volumes/${volume}`);
    expect(await forget()).toEqual({ removed: 5, keptData: false });
    expect(api.objects()).toEqual([]);
  });

  test('a tag that a firewall holds for is in use, though nothing carries it yet', async () => {
    const { forget, put, api } = await start();
    await put('/v2/tags', { name: clusterTag(cluster) });
    await put('/v2/firewalls', {
      name: 'of-somebody-else',
      tags: [clusterTag(cluster)],
      inbound_rules: [{ protocol: 'tcp', ports: '22', sources: { addresses: ['203.0.113.7'] } }],
    });
    await forget();
    expect(kinds(api.objects())).toEqual(['firewall', 'tag']);
    expect(api.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('what cannot be removed is reported; the second time finishes', async () => {
    const { forget, call, keys, makeKeys, api } = await start();
    await putCluster(call, cluster, await makeKeys());
    api.faults.add({ method: 'DELETE', path: '/v2/firewalls/*', times: 2, with: { status: 503 } });
    const error = await kitErrorOf(forget);
    expect([error.code, error.exitCode]).toEqual(['account-not-cleared', 3]);
    expect(kinds(api.objects())).toEqual(['ssh_key', 'volume', 'firewall', 'tag', 'tag']);
    expect(await readdir(keys)).toContain('login-key');
    expect(await forget()).toMatchObject({ removed: 2 });
    expect(kinds(api.objects())).toEqual(['volume', 'tag', 'tag']);
  });
});

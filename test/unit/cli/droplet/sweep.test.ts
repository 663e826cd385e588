import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createContext, type Process, type SharedOptions } from '../../../../cli/context.js';
import { sweep } from '../../../../cli/droplet/sweep.js';
import { keyDirectory } from '../../../../cluster/keys/key-directory.js';
import { ensureDatabasePassword, ensureSecrets } from '../../../../cluster/keys/key-store.js';
import { KitError } from '../../../../lib/errors.js';
import { writeKnownHosts } from '../../../../targets/droplet/keys/known-hosts.js';
import { ensureSshKeys } from '../../../../targets/droplet/keys/ssh-keys.js';
import { TEST_TOKEN } from '../../../support/digitalocean/api/server.js';
import { dropletContext } from '../../../support/digitalocean/droplet-context.js';
import { newPublicKey, putCluster } from '../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';
import { stateKnowing } from '../../../support/terraform-state.js';

const KNOWN = 'ck-test-known';

/** An account, a project that names {@link KNOWN}, and the verb. */
async function start(options: Parameters<typeof openForTest>[0] = {}) {
  const fake = await openForTest(options);
  const world = await dropletContext(fake.api.url, { clusters: [KNOWN] });
  const run = async (
    words: string[],
    more: SharedOptions & { remove?: boolean; all?: boolean },
  ) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const outside = {
      env: world.env,
      cwd: world.home,
      home: world.home,
      platform: process.platform,
      stdin: new PassThrough(),
      stdout,
      stderr,
      signal: world.signal,
      lendSignals: () => () => {},
      callersUmask: 0o022,
    };
    const all = { json: true, ...more };
    const code = await sweep(createContext(all, outside as unknown as Process), all, words);
    const found = JSON.parse(String(stdout.read())) as {
      kind: string;
      id: string;
      why: string;
      outcome: string;
      cluster: string | null;
    }[];
    return { code, found };
  };
  /** What Terraform's state of a cluster knows. */
  const knows = async (cluster: string, ids: readonly string[]) => {
    await mkdir(join(world.project.stateDir, 'state'), { recursive: true });
    const text = stateKnowing(...ids);
    await writeFile(join(world.project.stateDir, 'state', `${cluster}.tfstate`), text);
  };
  return { ...fake, world, run, knows };
}

const whys = (found: readonly { kind: string; why: string }[]) =>
  found.map(({ kind, why }) => `${kind} ${why}`);

describe('sweep lists', () => {
  test('nothing on an account without orphans: a known cluster is none', async () => {
    const { call, run, knows } = await start();
    expect(await run([], {})).toEqual({ code: 0, found: [] });
    await knows(KNOWN, Object.values(await putCluster(call, KNOWN)));
    expect(await run([], {})).toEqual({ code: 0, found: [] });
  });

  test('a cluster that nobody here knows, wholly, and removes nothing', async () => {
    const { call, run, api } = await start();
    await putCluster(call, 'ck-test-lost');
    const before = api.objects();
    const { code, found } = await run([], {});
    expect(code).toBe(4);
    expect(found.map(({ kind }) => kind)).toEqual([
      'droplet',
      'volume',
      'firewall',
      'ssh_key',
      'project',
      'reserved_ip',
    ]);
    expect(new Set(found.map(({ why, outcome }) => `${why} ${outcome}`))).toEqual(
      new Set(['unknown-cluster found']),
    );
    expect(api.objects()).toEqual(before);
  });

  test('what a lost answer made twice: its cluster’s state does not know it', async () => {
    const { call, run, knows } = await start();
    const ids = await putCluster(call, KNOWN);
    await knows(KNOWN, Object.values(ids));
    const twin = {
      name: `clusterkit-${KNOWN}-droplet`,
      region: 'fra1',
      size: 's-1vcpu-2gb',
      image: 'ubuntu-24-04-x64',
      tags: ['clusterkit', `clusterkit:${KNOWN}`],
    };
    const { body } = await call('POST', '/v2/droplets', twin);
    const { found } = await run([], {});
    expect(found).toMatchObject([
      { kind: 'droplet', id: String(body.droplet.id), why: 'unknown-to-state' },
    ]);
  });

  test('a cluster of the file that was made elsewhere, kept data, an unmarked address', async () => {
    const { call, run, world } = await start();
    await putCluster(call, KNOWN);
    expect(new Set(whys((await run([], {})).found).map((text) => text.split(' ')[1]))).toEqual(
      new Set(['made-elsewhere']),
    );
    await ensureSshKeys(keyDirectory(world.project.stateDir, KNOWN));
    const { body } = await call('POST', '/v2/reserved_ips', { region: 'fra1' });
    const { found } = await run([body.reserved_ip.ip], {});
    expect(whys(found)).toEqual(['reserved_ip unmarked']);
  });

  test('a cluster whose state is lost or damaged, and one that only has keys', async () => {
    const { call, run, world } = await start();
    const keys = keyDirectory(world.project.stateDir, KNOWN);
    const { login } = await ensureSshKeys(keys);
    const { droplet } = await putCluster(call, KNOWN, login.publicKey);
    const seen = async () => {
      const all = (await run([], {})).found;
      return [new Set(all.map(({ why }) => why)), all.length];
    };
    // A run that was cut before anything was written down: its volume may hold data all the same.
    expect(whys((await run([], {})).found)).toEqual([
      'droplet unknown-to-state',
      'volume kept-data',
      'firewall unknown-to-state',
      'ssh_key unknown-to-state',
      'project unknown-to-state',
      'reserved_ip unknown-to-state',
    ]);
    // It was set up from here, so it runs.
    await writeKnownHosts(keys, { host: '203.0.113.7', droplet, keys: [newPublicKey()] });
    expect(await seen()).toEqual([new Set(['state-lost']), 6]);
    const states = join(world.project.stateDir, 'state');
    await mkdir(states, { recursive: true });
    await writeFile(join(states, `${KNOWN}.tfstate`), '{ "resources": [');
    expect(await seen()).toEqual([new Set(['state-lost']), 6]);
    // What is damaged proves nothing, and hides nothing.
    await writeFile(join(keys, 'login-key'), 'damaged');
    expect(await seen()).toEqual([new Set(['state-lost']), 6]);
    // Nobody wrote it in the file of clusters, or somebody took it out.
    await writeFile(world.project.configFile, 'clusters: {}\n');
    await rm(states, { recursive: true });
    expect(await seen()).toEqual([new Set(['state-lost']), 6]);
  });

  test('the objects of a name that a local cluster has are no local cluster’s', async () => {
    const { call, run, world, knows } = await start();
    await writeFile(world.project.configFile, 'clusters: {}\n');
    await ensureSecrets(keyDirectory(world.project.stateDir, 'ck-test-local'), 'rsa');
    await knows('ck-test-local', ['4f5e1a'.repeat(10), 'clusterkit-ck-test-local-data']);
    await putCluster(call, 'ck-test-local');
    const { found } = await run([], {});
    expect([new Set(found.map(({ why }) => why)), found.length]).toEqual([
      new Set(['made-elsewhere']),
      6,
    ]);
  });

  test('not an address that somebody pointed at a droplet that is known', async () => {
    const { call, run, knows } = await start();
    const { address: _, ...ids } = await putCluster(call, KNOWN);
    await knows(KNOWN, Object.values(ids));
    expect(await run([], {})).toEqual({ code: 0, found: [] });
  });

  test('but says so when it cannot see everything', async () => {
    const { run } = await start({ tokens: { [TEST_TOKEN]: ['droplet:read'] } });
    const error = await run([], {}).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(KitError);
    expect((error as KitError).code).toBe('token-scopes');
  });
});

describe('sweep --remove', () => {
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'fine',
      (error: unknown) => (error instanceof KitError ? error.code : String(error)),
    );

  test('wants to know what, and asks', async () => {
    const { call, run, api } = await start();
    await putCluster(call, 'ck-test-lost');
    await call('POST', '/v2/tags', { name: 'clusterkit:ck-test-gone' });
    const before = api.objects();
    expect(await codeOf(run([], { remove: true }))).toBe('sweep-unclear');
    expect(await codeOf(run(['ck-test-lots'], { remove: true, yes: true }))).toBe('orphan-unknown');
    expect(await codeOf(run([], { remove: true, all: true }))).toBe('confirmation-needed');
    expect(api.objects()).toEqual(before);
  });

  test('a cluster by name, with its tags; the others stay', async () => {
    const { call, run, api, knows } = await start();
    const ids = await putCluster(call, KNOWN);
    await knows(KNOWN, Object.values(ids));
    const before = api.objects();
    await putCluster(call, 'ck-test-lost');
    const { code, found } = await run(['ck-test-lost'], { remove: true, yes: true });
    expect([code, new Set(found.map(({ outcome }) => outcome))]).toEqual([0, new Set(['removed'])]);
    expect(api.objects()).toEqual(before);
  });

  test('all: but not what may be others’, or holds data', async () => {
    const { call, run, api, world } = await start();
    await putCluster(call, 'ck-test-lost');
    await ensureDatabasePassword(keyDirectory(world.project.stateDir, KNOWN));
    const { login } = await ensureSshKeys(keyDirectory(world.project.stateDir, KNOWN));
    await call('POST', '/v2/reserved_ips', { region: 'fra1' });
    const before = api.objects();
    const { volume } = await putCluster(call, KNOWN, login.publicKey);
    await call('POST', '/v2/tags', { name: 'clusterkit:ck-test-gone' });
    const { code, found } = await run([], { remove: true, all: true, yes: true });
    expect([code, found.length]).toEqual([4, 6]);
    const tag = `clusterkit:${KNOWN}`;
    expect(api.objects().filter(({ id }) => id !== volume && id !== tag)).toEqual(before);
    expect(whys((await run([KNOWN], {})).found)).toEqual(['volume kept-data']);
  });

  test('kept data and an unmarked address: by name', async () => {
    const { call, run, api, world } = await start();
    await ensureSecrets(keyDirectory(world.project.stateDir, KNOWN), 'rsa');
    const tags = ['clusterkit', `clusterkit:${KNOWN}`];
    const name = `clusterkit-${KNOWN}-data`;
    await call('POST', '/v2/volumes', { name, region: 'fra1', size_gigabytes: 1, tags });
    await call('POST', '/v2/reserved_ips', { region: 'fra1' });
    const all = await run([], { remove: true, all: true, yes: true });
    expect([all.code, all.found]).toEqual([4, []]);
    expect(whys((await run([], {})).found)).toEqual(['volume kept-data', 'reserved_ip unmarked']);
    await run([name, '198.51.100.10'], { remove: true, yes: true });
    expect(api.objects()).toEqual([]);
  });

  test('a second time there is nothing left to do', async () => {
    const { call, run } = await start();
    await putCluster(call, 'ck-test-lost');
    await run(['ck-test-lost'], { remove: true, yes: true });
    expect(await run([], { remove: true, all: true, yes: true })).toEqual({ code: 0, found: [] });
  });
});

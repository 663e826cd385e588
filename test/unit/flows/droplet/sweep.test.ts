import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createContext, type Process, type SharedOptions } from '../../../../cli/context.js';
import { sweep } from '../../../../cli/droplet/sweep.js';
import { KitError } from '../../../../lib/errors.js';
import { keyDirectory } from '../../../../lib/keys/key-directory.js';
import { ensureSecrets } from '../../../../lib/keys/key-store.js';
import { ensureSshKeys } from '../../../../lib/keys/ssh-keys.js';
import { TEST_TOKEN } from '../../../support/digitalocean/api/server.js';
import { dropletWorld } from '../../../support/digitalocean/droplet-world.js';
import { putCluster } from '../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../support/digitalocean/open-for-test.js';

const KNOWN = 'ck-test-known';

/** An account, a project that names {@link KNOWN}, and the verb. */
async function start(options: Parameters<typeof openForTest>[0] = {}) {
  const fake = await openForTest(options);
  const world = await dropletWorld(fake.api.url, [KNOWN]);
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
    const instances = ids.map((id) => ({ attributes: { id } }));
    await mkdir(join(world.project.stateDir, 'state'), { recursive: true });
    const text = JSON.stringify({ resources: [{ type: 'x', instances }] });
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

  test('all: but not what may be others’, or was kept', async () => {
    const { call, run, api, world } = await start();
    await putCluster(call, 'ck-test-lost');
    await ensureSecrets(keyDirectory(world.project.stateDir, KNOWN), 'rsa');
    const tags = ['clusterkit', `clusterkit:${KNOWN}`];
    const name = `clusterkit-${KNOWN}-data`;
    await call('POST', '/v2/volumes', { name, region: 'fra1', size_gigabytes: 1, tags });
    await call('POST', '/v2/reserved_ips', { region: 'fra1' });
    const { code } = await run([], { remove: true, all: true, yes: true });
    expect(code).toBe(4);
    expect(api.objects().map(({ type, name }) => `${type} ${name}`)).toEqual([
      `volume ${name}`,
      'reserved_ip 198.51.100.11',
      'tag clusterkit',
      `tag clusterkit:${KNOWN}`,
    ]);
    const rest = await run([], {});
    expect(whys(rest.found)).toEqual(['volume kept-data', 'reserved_ip unmarked']);
    await run([name, '198.51.100.11'], { remove: true, yes: true });
    expect(api.objects()).toEqual([]);
  });

  test('a second time there is nothing left to do', async () => {
    const { call, run } = await start();
    await putCluster(call, 'ck-test-lost');
    await run([], { remove: true, all: true, yes: true });
    expect(await run([], { remove: true, all: true, yes: true })).toEqual({ code: 0, found: [] });
  });
});

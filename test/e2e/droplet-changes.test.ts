import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Blog } from '../support/blog.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { expectUp } from '../support/expect-healthy.js';
import { installRealCli } from '../support/real-cli.js';
import { changesTo } from '../support/test-account.js';

describe('what outlives what', () => {
  let cluster: TestDropletCluster;
  let blog: Blog;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestDropletCluster.create();
  });
  afterAll(() => cluster?.dispose());

  const volumeOf = () => cluster.account.api.objects().find(({ type }) => type === 'volume')?.id;

  test('down --keep-volume, up: the same data on another droplet', async () => {
    await expectUp(cluster);
    blog = await Blog.deploy(cluster);
    await blog.add('alice@example.com');
    const [droplet, volume] = [(await cluster.account.only()).id, volumeOf()];

    const down = await cluster.down('--keep-volume');
    expect(down.exitCode, down.all).toBe(0);
    expect(await cluster.account.list()).toEqual([]);
    expect(volumeOf()).toBe(volume);
    expect(await cluster.endpoint()).toBeUndefined();

    await expectUp(cluster);
    expect((await cluster.account.only()).id).not.toBe(droplet);
    expect(volumeOf()).toBe(volume);
    expect(await blog.emails()).toEqual(['alice@example.com']);
  });

  test('keys and user data made anew do not replace the droplet', async () => {
    const { id } = await cluster.account.only();
    const before = cluster.account.api.userData(id);
    await expectUp(cluster);
    expect((await cluster.account.only()).id).toBe(id);
    expect(cluster.account.api.userData(id)).toBe(before);
    // Another size of swap is other user data; it would only be told to a new droplet.
    await cluster.configure({ size: 's-2vcpu-4gb' });
    const plan = await cluster.plan('--json');
    expect(plan.exitCode, plan.all).toBe(4);
    const [{ changes }] = JSON.parse(plan.stdout) as [
      { changes: { address: string; action: string }[] },
    ];
    expect(changes.find(({ address }) => address === 'digitalocean_droplet.droplet')?.action).toBe(
      'update',
    );
    await cluster.configure();
  });

  test('another region: refused, and nothing changes', async () => {
    const { id } = await cluster.account.only();
    const before = cluster.account.api.requests.length;
    await cluster.configure({ region: 'nyc3' });
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(2);
    const { error } = JSON.parse(stdout) as {
      error: { code: string; problems: { message: string; hint: string }[] };
    };
    expect(error.code).toBe('replacement-refused');
    expect(error.problems.map(({ message }) => message).sort()).toEqual([
      'the droplet (digitalocean_droplet.droplet) would be replaced by a new one',
      'the volume with the data (digitalocean_volume.data) would be replaced by a new one',
    ]);
    expect(error.problems[0]?.hint).toContain('--allow-replace');

    expect(changesTo(cluster.account, before)).toEqual([]);
    expect((await cluster.account.only()).id).toBe(id);
    expect(await blog.emails()).toEqual(['alice@example.com']);
  });

  test('another region, allowed: a new droplet there, without the data', async () => {
    const { id } = await cluster.account.only();
    await expectUp(cluster, '--allow-replace');
    expect((await cluster.account.only()).id).not.toBe(id);
    const state = await readFile(
      join(cluster.stateDir, 'state', `${cluster.name}.tfstate`),
      'utf8',
    );
    expect(state).toContain('"region": "nyc3"');
  });

  test('lost state: down finds all of it by its tag', async () => {
    await rm(join(cluster.stateDir, 'state'), { recursive: true });
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    expect(await cluster.endpoint()).toBeUndefined();
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readManagedLogin } from '../../targets/droplet/keys/managed-login.js';
import { Blog } from '../support/blog.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { expectHealthy } from '../support/expect-healthy.js';
import { installRealCli } from '../support/real-cli.js';
import { changesTo } from '../support/test-account.js';

const DATABASE = { managed: true, connector: 'postgres' };

describe('a cluster on a droplet whose database DigitalOcean keeps', () => {
  let cluster: TestDropletCluster;
  let blog: Blog;
  let output: string;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestDropletCluster.create({ database: DATABASE });
  });
  afterAll(() => cluster?.dispose());

  const part = (role: string) => `clusterkit-${cluster.name}-${role}`;
  const login = async () => {
    const found = await readManagedLogin(cluster.keyDirectory);
    if (found === undefined) throw new Error('there is no login');
    return found;
  };
  const stored = async (sql: string) =>
    cluster.account.droplets.databases.query((await login()).id, sql);
  /** From a machine on the network that is no droplet of the cluster. */
  const knock = async () => {
    const { host, port } = await login();
    const argv = ['timeout', '3', 'bash', '-c', `</dev/tcp/${host}/${port}`];
    return (await cluster.account.droplets.fromElsewhere(argv)).exitCode;
  };

  test('plan tells of the database, and that nobody told its price', async () => {
    const plan = await cluster.plan();
    expect(plan.exitCode, plan.all).toBe(4);
    expect(plan.stdout).toContain(`+ managed database ${part('database')} (create)`);
    expect(plan.stdout).toMatch(/database +\S+ +\? +postgres 15, 1 node of db-s-1vcpu-1gb in fra1/);
    expect(changesTo(cluster.account)).toEqual([]);
  });

  test('up: running and registered, and no container or volume for data', async () => {
    const up = await cluster.up('--verbose');
    output = up.all;
    expect(up.exitCode, up.all).toBe(0);
    expect(cluster.account.left()).toEqual([
      `database ${part('database')}`,
      `droplet ${part('droplet')}`,
      `firewall ${part('firewall')}`,
      `ssh_key ${part('login')}`,
      'tag clusterkit',
      `tag clusterkit:${cluster.name}`,
    ]);
    await expectHealthy(cluster);
  });

  test('the real CLI deploys, and the data is in the managed database, by TLS', async () => {
    blog = await Blog.deploy(cluster);
    await blog.add('alice@example.com');
    expect(await blog.emails()).toEqual(['alice@example.com']);
    const schemas = await stored(
      "select count(*) > 0 from information_schema.tables where table_name = 'User'",
    );
    expect(schemas).toBe('t');
    const sessions = await stored(
      "select bool_and(ssl), count(*) > 0 from pg_stat_ssl join pg_stat_activity using (pid) where client_addr is not null and client_addr <> '127.0.0.1'",
    );
    expect(sessions).toBe('t|t');
  });

  test('from elsewhere nobody gets a connection', async () => {
    expect(await knock()).toBe(124);
  });

  test('its password is in the key store alone', async () => {
    const password = (await login()).password.reveal();
    expect(output).not.toContain(password);
    const entries = await readdir(cluster.stateDir, { recursive: true, withFileTypes: true });
    const leaky = [];
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name);
      if ((await readFile(path, 'latin1')).includes(password)) {
        leaky.push(path.slice(cluster.stateDir.length + 1));
      }
    }
    expect(leaky).toEqual([`keys/${cluster.name}/database-password`]);
  });

  test('a second up changes nothing', async () => {
    const before = cluster.account.api.requests.length;
    const { exitCode, stdout, all } = await cluster.up('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ entry: 'unchanged', changes: 0 }]);
    expect(changesTo(cluster.account, before)).toEqual([]);
    const plan = await cluster.plan('--json');
    expect(JSON.parse(plan.stdout)).toMatchObject([{ changes: [] }]);
  });

  test('down --keep-data keeps it, closed; the next up takes it over', async () => {
    const down = await cluster.down('--keep-data');
    expect(down.exitCode, down.all).toBe(0);
    expect(cluster.account.left()).toEqual([`database ${part('database')}`, 'tag clusterkit']);
    expect(await knock()).toBe(124);
    const plan = await cluster.plan();
    expect(plan.stdout).toContain(`← managed database ${part('database')} (adopt)`);
    const up = await cluster.up();
    expect(up.exitCode, up.all).toBe(0);
    expect(await blog.emails()).toEqual(['alice@example.com']);
  });

  test('down: nothing is left on the account', async () => {
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(cluster.account.left()).toEqual([]);
    expect(cluster.account.api.runtimeErrors.map(String)).toEqual([]);
    expect(await readdir(join(cluster.stateDir, 'keys'))).toEqual([]);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Blog } from '../support/blog.js';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { ExternalDatabase } from '../support/external-database.js';
import { installRealCli } from '../support/real-cli.js';

describe('a development cluster on a droplet, which takes a database of one’s own', () => {
  let database: ExternalDatabase;
  let cluster: TestDropletCluster;

  beforeAll(async () => {
    await installRealCli('1.6.3');
    cluster = await TestDropletCluster.create();
    database = await ExternalDatabase.start('postgres', {
      host: cluster.account.droplets.operator,
    });
    const { host, port, user } = database;
    const external = {
      ...{ connector: 'postgres', host, port, user, database: database.database },
      ...{ passwordFile: 'password', caFile: 'ca.pem', checkFrom: 'host' },
    };
    await cluster.configure({ kind: 'development', database: { external } });
    const write = (name: string, text: string) =>
      writeFile(join(cluster.directory, name), text, { mode: 0o600 });
    await write('password', database.password);
    await write('ca.pem', database.authority.certificate);
  });
  afterAll(async () => {
    await cluster?.dispose();
    await database?.dispose();
  });

  test('a database that is not fit: the stage on the droplet says so before any container', async () => {
    const file = join(cluster.directory, 'password');
    await writeFile(file, 'wrong', { mode: 0o600 });
    const { exitCode, stdout, all } = await cluster.up('--json');
    await writeFile(file, database.password, { mode: 0o600 });
    expect(exitCode, all).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'database-login-refused',
      problems: [{ path: `clusters.${cluster.name}.database.external.passwordFile` }],
    });
    expect(all).toContain("checked from the cluster's machine, once it runs");
  });

  test('up: relay, server and gateway, and no volume', async () => {
    const { exitCode, all } = await cluster.up();
    expect(exitCode, all).toBe(0);
    const marks = await database.query('select cluster from clusterkit.mark where id is not null');
    expect(marks).toEqual([{ cluster: cluster.name }]);
    expect(cluster.account.left().filter((each) => each.startsWith('volume'))).toEqual([]);
  });

  test('the real CLI deploys; the data is in that database; answers tell what they waited', async () => {
    const blog = await Blog.deploy(cluster);
    await blog.add('anna@example.com');
    expect(await blog.emails()).toEqual(['anna@example.com']);
    const found = await database.query(
      "select count(*) > 0 as there from information_schema.tables where table_name = 'User'",
    );
    expect(found).toEqual([{ there: true }]);
    const url = `${await cluster.endpoint()}/blog/dev`;
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    expect(answer.headers.get('throttled-by')).toBe('0');
  });

  test('status tells the gateway, and what the service uses; a second up changes nothing', async () => {
    const { exitCode, stdout, all } = await cluster.status('--json');
    expect(exitCode, all).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        containers: { database: 'running', server: 'running', gateway: 'running' },
        usage: { services: [{ service: 'blog', stage: 'dev', storageBytes: expect.any(Number) }] },
      },
    ]);
    const again = await cluster.up('--json');
    expect(JSON.parse(again.stdout), again.all).toMatchObject([{ changes: 0 }]);
  });

  test('down leaves the data, and gives the database back', async () => {
    const { exitCode, all } = await cluster.down();
    expect(exitCode, all).toBe(0);
    expect(all).toContain('its data stays in the database');
    expect(await database.query('select id from clusterkit.mark')).toEqual([{ id: null }]);
    expect(cluster.account.left()).toEqual([]);
  });
});

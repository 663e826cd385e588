import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyDirectory } from '../../../../../cluster/keys/key-directory.js';
import { ensureDatabasePassword } from '../../../../../cluster/keys/key-store.js';
import { dropDatabase } from '../../../../../targets/droplet/account/drop-database.js';
import { manageDatabase } from '../../../../../targets/droplet/account/managed-database.js';
import { readManagedLogin } from '../../../../../targets/droplet/keys/managed-login.js';
import { ensureSshKeys } from '../../../../../targets/droplet/keys/ssh-keys.js';
import type { Misfortune } from '../../../../support/digitalocean/api/faults.js';
import { type ApiOptions, TEST_TOKEN } from '../../../../support/digitalocean/api/server.js';
import { dropletContext } from '../../../../support/digitalocean/droplet-context.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';

const cluster = 'ck-test-a';
const NAME = 'clusterkit-ck-test-a-database';
const MANAGED = { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1, region: 'fra1' };
const CLOSED = [
  ['tag', 'clusterkit:ck-test-a'],
  ['ip_addr', '192.0.2.1'],
];

/** An account and a project, and the stage between them. */
async function start(options: ApiOptions = {}) {
  const fake = await openForTest(options);
  const { project } = await dropletContext(fake.api.url, { clusters: [cluster] });
  const keys = keyDirectory(project.stateDir, cluster);
  await ensureDatabasePassword(keys);
  // As the stack has them before it.
  const { login } = await ensureSshKeys(keys);
  const key = { name: 'clusterkit-ck-test-a-login', public_key: login.publicKey };
  await fake.call('POST', '/v2/account/keys', key);
  await fake.call('POST', '/v2/tags', { name: 'clusterkit:ck-test-a' });
  const input = { cluster, project: project.stateDir, keyDirectory: keys };
  const manage = (changes = {}, signal?: AbortSignal) =>
    manageDatabase(
      { ...input, connector: 'postgres', version: '1.8', managed: { ...MANAGED, ...changes } },
      fake.open({ retries: 1, timeoutMs: 1000 }),
      signal,
    );
  const databases = async () => (await fake.call('GET', '/v2/databases')).body.databases;
  const rules = async () => {
    const [{ id }] = await databases();
    const { body } = await fake.call('GET', `/v2/databases/${id}/firewall`);
    return body.rules.map(({ type, value }: Record<string, string>) => [type, value]);
  };
  return { ...fake, ...{ keys, input, manage, databases, rules } };
}

const changes = ({ api }: Pick<Awaited<ReturnType<typeof start>>, 'api'>) =>
  api.requests
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/v2/databases'))
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, 'ID')}`);

describe('from nothing', () => {
  test('a database of the kit’s, closed to all but the cluster’s droplet, and its login', async () => {
    const world = await start();
    const made = { database: 'created', firewall: 'already so', login: 'written' };
    expect(await world.manage()).toEqual(made);
    const [database] = await world.databases();
    expect(database).toMatchObject({
      ...{ name: NAME, engine: 'pg', version: '15', region: 'fra1', size: 'db-s-1vcpu-1gb' },
      ...{ num_nodes: 1, status: 'online', tags: ['clusterkit', 'clusterkit:ck-test-a'] },
      db_names: ['defaultdb', 'prisma'],
    });
    expect(await world.rules()).toEqual(CLOSED);

    const login = await readManagedLogin(world.keys);
    expect(login).toMatchObject({
      ...{ id: database.id, connector: 'postgres', port: 25060, user: 'doadmin' },
      ...{ database: 'prisma', ssl: 'verify-full' },
      host: `private-${database.id}.db.example`,
      ca: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    });
    expect(login?.password.reveal()).toBe(database.private_connection.password);
    for (const file of ['managed-database.json', 'database-password']) {
      expect((await stat(join(world.keys, file))).mode & 0o777, file).toBe(0o600);
    }
    const facts = await readFile(join(world.keys, 'managed-database.json'), 'utf8');
    expect(facts).not.toContain(database.private_connection.password);
  });

  test('a second time nothing is left to do, and nothing is changed', async () => {
    const world = await start();
    await world.manage();
    const before = changes(world);
    const same = { database: 'already so', firewall: 'already so', login: 'already so' };
    expect(await world.manage()).toEqual(same);
    expect(changes(world)).toEqual(before);
    expect(before).toEqual(['POST /v2/databases', 'POST /v2/databases/ID/dbs']);
  });

  test('closed before it is online, though somebody opened it meanwhile', async () => {
    let now = 0;
    const world = await start({ now: () => now, time: { databaseCreate: 60_000 } });
    const done = world.manage();
    await expect.poll(() => changes(world)).toContain('POST /v2/databases');
    const [{ id, status }] = await world.databases();
    expect([status, await world.rules()]).toEqual(['creating', CLOSED]);
    await world.call('PUT', `/v2/databases/${id}/firewall`, { rules: [] });
    now = 60_000;
    expect(await done).toMatchObject({ firewall: 'changed' });
    expect(await world.rules()).toEqual(CLOSED);
    const order = changes(world);
    expect(order.lastIndexOf('PUT /v2/databases/ID/firewall')).toBeLessThan(
      order.indexOf('POST /v2/databases/ID/dbs'),
    );
  });

  test('MySQL', async () => {
    const world = await start();
    const managed = { ...MANAGED, version: '8' };
    await manageDatabase(
      { ...world.input, connector: 'mysql', version: '1.8', managed },
      world.client,
    );
    expect(await readManagedLogin(world.keys)).toMatchObject({ connector: 'mysql' });
    expect((await world.databases())[0].engine).toBe('mysql');
  });
});

describe('when something goes wrong', () => {
  test.for<[string, Misfortune]>([
    ['429', { status: 429, retryAfterSeconds: 0 }],
    ['503', { status: 503 }],
    ['422', { status: 422 }],
    ['no answer', { silentMs: 100 }],
    ['an answer that is lost', 'answer-lost'],
  ])('every call fails once by %s: one database, closed, and a login', async ([, misfortune]) => {
    const world = await start();
    const met = world.api.faults.firstOfEach(misfortune);
    for (let runs = 0; runs < 10; runs += 1) {
      const isDone = await world.manage().then(
        () => true,
        () => false,
      );
      if (isDone) break;
    }
    expect(met).toContain('POST /v2/databases');
    world.api.faults.clear();
    expect(await world.databases()).toHaveLength(1);
    expect(await world.rules()).toEqual(CLOSED);
    expect(await world.manage()).toMatchObject({ login: 'already so' });
    expect(changes(world).filter((call) => call === 'POST /v2/databases').length).toBeLessThan(3);
  });

  test('an answer to the creation that is lost is no second database, in the same run', async () => {
    const world = await start();
    world.api.faults.add({ method: 'POST', path: '/v2/databases', with: 'answer-lost' });
    expect(await world.manage()).toMatchObject({ database: 'created' });
    expect(changes(world).filter((call) => call === 'POST /v2/databases')).toHaveLength(1);
  });

  test('interrupted while it waits: the next run goes on with the same one', async () => {
    let now = 0;
    const world = await start({ now: () => now, time: { databaseCreate: 60_000 } });
    const controller = new AbortController();
    const first = world.manage({}, controller.signal);
    await expect.poll(() => changes(world)).toContain('POST /v2/databases');
    controller.abort(new Error('interrupted'));
    await expect(first).rejects.toThrow();
    expect(await readManagedLogin(world.keys)).toBeUndefined();
    now = 60_000;
    expect(await world.manage()).toMatchObject({ database: 'already so', login: 'written' });
    expect(await world.databases()).toHaveLength(1);
  });

  test('a token that may not see credentials', async () => {
    const scopes = ['database', 'tag', 'ssh_key'].flatMap((what) =>
      ['create', 'read', 'update', 'delete'].map((how) => `${what}:${how}`),
    );
    const world = await start({ tokens: { [TEST_TOKEN]: scopes } });
    const error = await kitErrorOf(() => world.manage());
    expect(error.code).toBe('token-scopes');
    expect(error.message).toContain('database:view_credentials');
    expect(await readManagedLogin(world.keys)).toBeUndefined();
  });

  test('somebody else’s of that name is left alone', async () => {
    const world = await start();
    const body = { ...MANAGED, name: NAME, engine: 'pg', num_nodes: 1 };
    await world.call('POST', '/v2/databases', body);
    expect((await kitErrorOf(() => world.manage())).code).toBe('cluster-elsewhere');
    expect(changes(world)).toEqual(['POST /v2/databases']);
  });

  test('one that differs is refused, with every difference', async () => {
    const world = await start();
    await world.manage();
    const error = await kitErrorOf(() => world.manage({ size: 'db-s-1vcpu-2gb', version: '16' }));
    expect(error.code).toBe('managed-database-unfit');
    expect(error.problems.map(({ path }) => path)).toEqual([
      'clusters.ck-test-a.database.version',
      'clusters.ck-test-a.database.size',
    ]);
  });

  test('data of another layout, such as of a server of before, is not opened', async () => {
    const world = await start();
    const manage = (version: string) =>
      manageDatabase(
        { ...world.input, connector: 'mysql', version, managed: { ...MANAGED, version: '8' } },
        world.client,
      );
    await manage('1.6');
    expect((await kitErrorOf(() => manage('1.8'))).code).toBe('data-unfit');
    expect(await manage('1.5')).toMatchObject({ login: 'already so' });
  });

  test('one that is gone with its data is not made anew in silence', async () => {
    const world = await start();
    await world.manage();
    const [{ id }] = await world.databases();
    await world.call('DELETE', `/v2/databases/${id}`);
    const error = await kitErrorOf(() => world.manage());
    expect([error.code, error.exitCode]).toEqual(['managed-database-gone', 3]);
    expect(error.message).toContain('clusterkit down ck-test-a');
    expect(await world.databases()).toEqual([]);
  });

  test('a tag that was removed is put back, and until then nobody gets in', async () => {
    const world = await start();
    await world.manage();
    await world.call('DELETE', '/v2/tags/clusterkit:ck-test-a');
    expect(await world.rules()).toEqual([['ip_addr', '192.0.2.1']]);
    await world.call('POST', '/v2/tags', { name: 'clusterkit:ck-test-a' });
    expect(await world.manage()).toMatchObject({ firewall: 'changed' });
    expect(await world.rules()).toEqual(CLOSED);
    expect((await world.databases())[0].tags).toEqual(['clusterkit', 'clusterkit:ck-test-a']);
  });

  test('a damaged file is reported; without it the login is requested again', async () => {
    const world = await start();
    await world.manage();
    const path = join(world.keys, 'managed-database.json');
    await writeFile(path, '{}');
    expect((await kitErrorOf(() => world.manage())).code).toBe('key-invalid');
  });
});

describe('the end of it', () => {
  test('with its data; gone already is done; the password stays for who else needs it', async () => {
    const world = await start();
    await world.manage();
    const drop = () => dropDatabase(world.input, world.client);
    expect(await drop()).toBe(1);
    expect(await world.databases()).toEqual([]);
    expect(await drop()).toBe(0);
    expect(await readdir(world.keys)).not.toContain('managed-database.json');
    expect(await world.manage()).toMatchObject({ database: 'created' });
  });

  test('not of somebody else’s', async () => {
    const world = await start();
    const body = { ...MANAGED, name: NAME, engine: 'pg', num_nodes: 1 };
    await world.call('POST', '/v2/databases', body);
    expect(await dropDatabase(world.input, world.client)).toBe(0);
    expect(await world.databases()).toHaveLength(1);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../../clients/digitalocean/api.js';
import type { Connector } from '../../../cluster/databases.js';
import { Secret } from '../../../lib/secret.js';
import { manageDatabase } from '../../../targets/droplet/account/managed-database.js';
import {
  type ManagedLogin,
  readManagedLogin,
} from '../../../targets/droplet/keys/managed-login.js';
import { dropletBody } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { tracesOfDroplets } from '../../support/digitalocean/droplets/sweep.js';
import { engine } from '../../support/engine-traces.js';
import { TestAccount } from '../../support/test-account.js';

let account: TestAccount;
let home: string;

beforeAll(async () => {
  account = await TestAccount.open({ hasImages: false });
  home = await mkdtemp(join(tmpdir(), 'ck-test-managed-'));
}, 600_000);

afterAll(async () => {
  await account?.dispose();
  await rm(home, { recursive: true, force: true });
  expect(await tracesOfDroplets(engine, account.droplets.run)).toEqual([]);
});

describe.each<[Connector, string]>([
  ['postgres', '15'],
  ['mysql', '8'],
])('a managed database for %s', (connector, version) => {
  const cluster = `ck-test-${connector}`;
  let login: ManagedLogin;

  beforeAll(async () => {
    const keyDirectory = join(home, 'keys', cluster);
    const managed = { version, size: 'db-s-1vcpu-1gb', nodes: 1, region: 'fra1' };
    const api = openApi({ url: account.api.url, token: new Secret(TEST_TOKEN) });
    const input = { cluster, project: home, keyDirectory, connector, version: '1.8', managed };
    await manageDatabase(input, api);
    const read = await readManagedLogin(keyDirectory);
    if (read === undefined) throw new Error('no login');
    login = read;
    await account.call('POST', '/v2/droplets', dropletBody({ tags: [`clusterkit:${cluster}`] }));
    await account.api.idle();
    // That it is there is seen by who looks; then the database is told of its address.
    await account.only();
    await account.api.idle();
  }, 180_000);
  afterAll(async () => {
    const { id } = await account.only();
    await account.call('DELETE', `/v2/droplets/${id}`);
    await account.call('DELETE', `/v2/databases/${login.id}`);
  });

  const trust = async (...addresses: string[]) => {
    const rules = addresses.map((value) => ({ type: 'ip_addr', value }));
    await account.call('PUT', `/v2/databases/${login.id}/firewall`, { rules });
    await account.api.idle();
  };

  test('a droplet of the cluster gets a connection, and nobody else', async () => {
    const { host, port } = login;
    const knock = ['timeout', '3', 'bash', '-c', `</dev/tcp/${host}/${port} && echo open`];
    const { machine } = await account.machine();
    await expect
      .poll(async () => (await machine.try(...knock)).output, { timeout: 60_000 })
      .toBe('open');
    expect((await account.droplets.fromElsewhere(knock)).exitCode).toBe(124);
    await expect(ask(login, 1500)).rejects.toThrow(/timeout|ETIMEDOUT/i);
  }, 60_000);

  test('over TLS alone, and its authority proves what it is', async () => {
    await trust(account.droplets.operator);
    expect(await ask(login)).toBe('prisma');
    const wrong = { ...login, ca: await otherAuthority() };
    await expect(ask(wrong)).rejects.toThrow(/certificate|signature|issuer/i);
    await expect(ask(login, 5000, 'plain')).rejects.toThrow(/encryption|secure|SSL|denied/i);
    await expect(ask({ ...login, password: new Secret('wrong') })).rejects.toThrow(
      /password|denied/i,
    );
  }, 60_000);
});

async function otherAuthority(): Promise<string> {
  const { TestAuthority } = await import('../../support/certificates.js');
  return (await TestAuthority.create()).certificate;
}

/** The database that a login leads to. */
async function ask(
  { connector, host, port, user, password, database, ca }: ManagedLogin,
  connectMs = 5000,
  transport: 'tls' | 'plain' = 'tls',
): Promise<string> {
  const place = { host, port, user, password: password.reveal(), database };
  if (connector === 'mysql') {
    // It cannot check the name where that is an address.
    const ssl = { ca, rejectUnauthorized: true };
    const connection = await createConnection({
      ...place,
      connectTimeout: connectMs,
      ...(transport === 'tls' && { ssl }),
    });
    const [rows] = await connection.query<RowDataPacket[]>('select database() as name');
    connection.destroy();
    return String(rows[0]?.name);
  }
  const client = new pg.Client({
    ...place,
    connectionTimeoutMillis: connectMs,
    ssl: transport === 'tls' ? { ca } : false,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return String((await client.query('select current_database() as name')).rows[0].name);
  } finally {
    await client.end().catch(() => {});
  }
}

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../lib/secret.js';
import { usageReport } from '../../../prisma/usage-report.js';
import type { UsageSource } from '../../../programs/gateway/usage/usage-source.js';
import { openUsage } from '../../../programs/gateway/usage-report.js';
import type { TestDatabase } from '../dev-server/database-container.js';
import { DATABASES } from '../dev-server/databases.js';
import { ask, startTestServer, type TestServer } from '../dev-server/test-server.js';
import { startTestGateway, type TestGateway } from './test-gateway.js';

const CAP_BYTES = 2e6;
const DEMO = { service: 'demo', stage: 'dev' };
const TEXT = 'x'.repeat(50_000);
const CREATE = 'mutation ($name: String!) { createUser(data: { name: $name }) { id } }';
const REFUSED = /^The service 'demo' in stage 'dev' uses \d.* of 2 MB of storage, and this write/;

describe.each(DATABASES)('on $connector', ({ connector, start }) => {
  let database: TestDatabase;
  let server: TestServer;
  let gateway: TestGateway;
  let usage: UsageSource;

  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database);
    await server.addProject();
    await server.deploy('type User { id: ID! @unique name: String! }');
    const { port, user, password } = database;
    const settings = { connector, host: '127.0.0.1', port, user, database: 'prisma', ssl: false };
    usage = openUsage({ ...settings, password: new Secret(password) }, () => {});
    gateway = await startTestGateway(`http://127.0.0.1:${server.port}`, {
      storage: {
        ...{ capMegabytes: CAP_BYTES / 1e6, checkSeconds: 0.2, largeKilobytes: 20 },
        database: { ...settings, password },
      },
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    await usage?.close();
    await server?.stop();
    await database?.remove();
  });

  const send = (query: string, variables: object = {}) =>
    ask(gateway.port, '/demo/dev', query, { variables });
  const refusalOf = async (query: string, variables?: object) =>
    (await send(query, variables)).errors?.[0]?.message;

  test('a service that is not there uses nothing, a new one little', async () => {
    const none = { service: 'none', stage: 'dev' };
    expect(await usage.of(none, CAP_BYTES)).toEqual({ bytes: 0, rows: 0, isExact: false });
    const { bytes } = await usage.of(DEMO, CAP_BYTES);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(300_000);
    expect(await usage.of(DEMO, 0)).toEqual({ bytes: 0, rows: 0, isExact: true });
  });

  test('writes go on up to the cap and no further; queries and deletes go on; then writes too', async () => {
    let written = 0;
    let refused: string | undefined;
    // Random text, since databases pack what repeats.
    const text = () =>
      Array.from({ length: 5_000 }, () => Math.random().toString(36).slice(2, 12)).join('');
    while (refused === undefined && written < 200) {
      refused = await refusalOf(CREATE, { name: text() });
      if (refused === undefined) written += 1;
    }
    expect(refused).toMatch(REFUSED);
    expect(written * 50_000).toBeGreaterThan(CAP_BYTES / 3);
    expect(written * 50_000).toBeLessThan(CAP_BYTES * 1.2);

    const { data } = await send('{ users { id } }');
    expect(data.users).toHaveLength(written);
    const refusal = await send(CREATE, { name: TEXT });
    expect([refusal.status, refusal.data]).toEqual([200, null]);
    expect(
      await refusalOf(
        `mutation { updateUser(where: { id: "${data.users[0].id}" }, data: { name: "${TEXT}" }) { id } }`,
      ),
    ).toMatch(REFUSED);

    const last = data.users.slice(-1)[0].id;
    const many = await send(`mutation { deleteManyUsers(where: { id: "${last}" }) { count } }`);
    expect(many.data).toEqual({ deleteManyUsers: { count: 1 } });
    for (const { id } of data.users.slice(2, -1)) {
      expect(
        await refusalOf(`mutation { deleteUser(where: { id: "${id}" }) { id } }`),
      ).toBeUndefined();
    }
    expect((await usage.of(DEMO, 0)).bytes).toBeLessThan(CAP_BYTES / 4);
    expect(await refusalOf(CREATE, { name: TEXT })).toBeUndefined();
  });

  test('what fits is not looked into, and what is too large for any room is refused', async () => {
    expect(await refusalOf(CREATE, { name: 'x'.repeat(3e6) })).toMatch(REFUSED);
    expect(await refusalOf(`query { users(where: { name: "${'x'.repeat(3e6)}" }) { id } }`)).toBe(
      undefined,
    );
  });

  test('other services are not concerned, and usage is told', async () => {
    await server.addProject('other', 'dev');
    await server.deploy('type User { id: ID! @unique name: String! }', { name: 'other' });
    const { errors } = await ask(gateway.port, '/other/dev', CREATE, { variables: { name: TEXT } });
    expect(errors).toBeUndefined();
    const metrics = await fetch(`http://127.0.0.1:${gateway.adminPort}/metrics`);
    expect(await metrics.text()).toMatch(/storage_bytes\{service="other\/dev"\} \d+\n/);
    const report = await fetch(`http://127.0.0.1:${gateway.adminPort}/usage`);
    expect(usageReport.parse(await report.json())).toEqual({
      storageCapBytes: CAP_BYTES,
      services: ['demo', 'other'].map((service) => ({
        ...{ service, stage: 'dev', storageBytes: expect.any(Number), waiting: 0 },
      })),
    });
  });
});

test('names of services are no SQL', async () => {
  const database = await DATABASES[0].start();
  const pool = new pg.Pool({ ...database, host: '127.0.0.1', database: 'prisma' });
  const usage = openUsage(
    {
      ...{ connector: 'postgres', host: '127.0.0.1', database: 'prisma', ssl: false },
      ...{ port: database.port, user: database.user, password: new Secret(database.password) },
    },
    () => {},
  );
  try {
    await expect
      .poll(
        () =>
          pool.query('select 1').then(
            () => true,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
    await pool.query('create schema "a""b$c"; create table "a""b$c"."t""x" ("y""z" text)');
    await pool.query('insert into "a""b$c"."t""x" values ($1)', ['some text']);
    const odd = { service: 'a"b', stage: 'c' };
    expect((await usage.of(odd, 0)).bytes).toBeGreaterThan(9);
    const bad = { service: "a'; drop schema public; --", stage: 'c' };
    expect((await usage.of(bad, 0)).bytes).toBe(0);
  } finally {
    await usage.close();
    await pool.end();
    await database.remove();
  }
});

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../../programs/dev-server/database/database-kind.js';
import { readSettings } from '../../../programs/dev-server/settings/read-settings.js';
import { openDatabase } from '../../../programs/dev-server/start.js';
import { eventually } from '../../support/service.js';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import { ask, configuration, startTestServer, type TestServer } from './test-server.js';

const USER = 'type User { id: ID! @unique name: String }';
const MORE = `${USER.replace('name', 'age: Int! @default(value: 7) pets: [Pet!]! name')}
  type Pet { id: ID! @unique owner: User }`;
const WITH_ZIP = MORE.replace(' String }', ' String zip: Int }');

describe.each(DATABASES)('on $connector', ({ start, connector, separator }) => {
  const id = `demo${separator}dev`;
  let database: TestDatabase;
  let server: TestServer;
  let direct: Database;
  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database);
    const settings = readSettings({ PRISMA_CONFIG: configuration(database) }, () => '');
    direct = openDatabase(settings.databases.default, () => undefined);
  });
  afterAll(async () => {
    await direct?.db.destroy();
    await server?.stop();
    await database?.remove();
  });

  const query = async (text: string) => (await ask(server.port, '/demo/dev', text)).data;
  const run = (text: string) => sql.raw(text).execute(direct.db);
  const names = async (what: string, where: string) => {
    const { rows } = await sql<{ name: string }>`
      select ${sql.raw(what)} as name from ${sql.raw(`information_schema.${where}`)}
      where table_schema = ${id} order by 1`.execute(direct.db);
    return rows.map(({ name }) => name);
  };
  const quoted = (name: string) =>
    connector === 'mysql' ? `\`${id}\`.\`${name}\`` : `"${id}"."${name}"`;

  beforeEach(async () => {
    const project = 'input: { name: "demo", stage: "dev" }';
    await server.manage(`mutation { deleteProject(${project}) { clientMutationId } }`);
    await server.addProject();
    await server.deploy(USER);
    await query('mutation { createUser(data: { name: "Ann" }) { id } }');
  });

  test('a deployment that breaks amid its changes leaves nothing of them', async () => {
    // It is in the way of the last column, and must not go with the others.
    await run(`alter table ${quoted('User')} add column zip int`);
    await expect(server.deploy(WITH_ZIP)).rejects.toThrow('Internal error');
    expect(await names('table_name', 'tables')).toEqual(['User']);
    expect(await names('column_name', 'columns')).toEqual([
      'createdAt',
      'id',
      'name',
      'updatedAt',
      'zip',
    ]);
    expect(await query('{ users { name } }')).toEqual({ users: [{ name: 'Ann' }] });
    await run(`alter table ${quoted('User')} drop column zip`);
    expect((await server.deploy(WITH_ZIP)).migration.revision).toBe(3);
    expect(await query('{ users { name age zip pets { id } } }')).toEqual({
      users: [{ name: 'Ann', age: 7, zip: null, pets: [] }],
    });
  });

  test('a dry run touches no table', async () => {
    const before = await names('column_name', 'columns');
    expect((await server.deploy(MORE, { dryRun: true })).migration.steps).toHaveLength(8);
    expect(await names('column_name', 'columns')).toEqual(before);
    const { errors } = await server.deploy(USER.replace('name', 'age: Int! name'), {
      dryRun: true,
    });
    expect(errors).toMatchObject([{ type: 'User', field: 'age' }]);
  });

  test('a removal that broke can be repeated', async () => {
    await sql`${direct.kind.dropSchema(id)}`.execute(direct.db);
    const project = 'input: { name: "demo", stage: "dev" }';
    const remove = `mutation { deleteProject(${project}) { clientMutationId } }`;
    expect((await server.manage(remove)).errors).toBeUndefined();
    await server.addProject();
    expect((await server.deploy(USER)).migration.revision).toBe(2);
  });

  test('statements and waits for locks have an end', async () => {
    const ends =
      connector === 'mysql'
        ? sql`select @@max_statement_time + 0 as a, @@lock_wait_timeout as b`
        : sql`select current_setting('statement_timeout') as a`;
    const { rows } = await ends.execute(direct.db);
    expect(rows).toEqual([connector === 'mysql' ? { a: 30, b: 30 } : { a: '30s' }]);
  });

  test('two servers follow each other', async () => {
    const other = await startTestServer(database);
    onTestFinished(() => other.stop());
    const secrets = [['a'], ['b'], ['c'], ['d']];
    const results = await Promise.all(
      secrets.map((one, n) => (n % 2 ? other : server).deploy(USER, { secrets: one })),
    );
    expect(results.map(({ migration }) => migration.revision).sort()).toEqual([3, 4, 5, 6]);
  });

  test('a database that restarts is found again', async () => {
    await database.restart();
    await eventually(async () => {
      expect(await query('{ users { name } }')).toEqual({ users: [{ name: 'Ann' }] });
    });
    expect((await server.deploy(MORE)).errors).toEqual([]);
  });

  test.runIf(connector === 'mysql')('what a server that died left behind is undone', async () => {
    const column = async () => (await names('column_name', 'columns')).includes('age');
    const die = (revision: number) =>
      direct.kind.alter(direct, id, revision, {
        run: sql`alter table ${sql.id(id, 'User')} add column age int not null`,
        undo: sql`alter table ${sql.id(id, 'User')} drop column age`,
      });
    await die(3);
    expect(await column()).toBe(true);
    const next = await startTestServer(database);
    onTestFinished(() => next.stop());
    expect(await column()).toBe(false);

    await die(3);
    expect((await server.deploy(MORE)).errors).toEqual([]);
    expect(await query('{ users { age } }')).toEqual({ users: [{ age: 7 }] });

    // This is what remains when it died after the revision was recorded: nothing to undo.
    await die(3).catch(() => undefined);
    await sql`insert into prisma.undo (${sql.id('projectId')}, revision, statement)
      values (${id}, 3, ${`alter table ${quoted('User')} drop column age`})`.execute(direct.db);
    await (await startTestServer(database)).stop();
    expect(await column()).toBe(true);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import { ask, startTestServer, type TestServer } from './test-server.js';

describe.each(DATABASES)('on $connector', ({ start }) => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database);
  });
  afterAll(async () => {
    await server?.stop();
    await database?.remove();
  });

  const query = async (text: string) => {
    const { data, errors } = await ask(server.port, '/demo/dev', text);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const user = (fields: string) => `type User { id: ID! @unique name: String! ${fields} }`;

  beforeEach(async () => {
    const project = 'input: { name: "demo", stage: "dev" }';
    await server.manage(`mutation { deleteProject(${project}) { clientMutationId } }`);
    await server.addProject();
    await server.deploy(user(''));
    await query(
      'mutation { a: createUser(data: { name: "Ann" }) { id } b: createUser(data: { name: "Bob" }) { id } }',
    );
  });

  describe('what the data allows', () => {
    test('new fields: optional, required with a default, lists, enums', async () => {
      const fields = 'age: Int role: Role! @default(value: B) tags: [String!]! seen: DateTime';
      await server.deploy(`${user(fields)} enum Role { A B }`);
      expect(await query('{ users(orderBy: name_ASC) { name age role tags seen } }')).toEqual({
        users: ['Ann', 'Bob'].map((name) => ({ name, age: null, role: 'B', tags: [], seen: null })),
      });
    });

    test('a relation, later with a field for its other end', async () => {
      const types = (back: string) =>
        `${user('pets: [Pet!]!')} type Pet { id: ID! @unique ${back} }`;
      await server.deploy(types(''));
      expect((await server.deploy(types('owner: User'))).errors).toEqual([]);
      await query('mutation { createPet(data: { owner: { create: { name: "Di" } } }) { id } }');
      expect(
        await query('{ users(where: { pets_some: {} }) { name pets { owner { name } } } }'),
      ).toEqual({
        users: [{ name: 'Di', pets: [{ owner: { name: 'Di' } }] }],
      });
    });

    test('more values of an enum, and another default', async () => {
      const types = (values: string, standard: string) =>
        `${user(`role: Role! @default(value: ${standard})`)} enum Role { ${values} }`;
      await server.deploy(types('A', 'A'));
      expect((await server.deploy(types('B A', 'B'))).errors).toEqual([]);
      await query('mutation { createUser(data: { name: "Cy" }) { id } }');
      expect(await query('{ users(orderBy: name_ASC) { role } }')).toEqual({
        users: [{ role: 'A' }, { role: 'A' }, { role: 'B' }],
      });
    });
  });

  describe('what the data forbids', () => {
    const pets = (back: string) => `${user('pets: [Pet!]!')} type Pet { id: ID! @unique ${back} }`;

    test.each([
      ['a required field without a default', user('age: Int!'), 'age'],
      [
        'equal values where each must be unique',
        user('age: Int! @unique @default(value: 1)'),
        'age',
      ],
      [
        'a required relation',
        `${user('team: Team!')} type Team { id: ID! @unique users: [User!]! }`,
        'team',
      ],
    ])('%s', async (_, types, field) => {
      const { errors, migration } = await server.deploy(types, { force: true });
      expect(errors).toMatchObject([{ type: 'User', field }]);
      expect(errors[0].description).toContain('There are nodes with');
      expect(migration).toBeNull();
      expect(await query('{ users { name } }')).toMatchObject({ users: { length: 2 } });
      expect((await server.deploy(user(''))).migration).toBeNull();
    });

    test('one link where many are', async () => {
      await server.deploy(pets(''));
      await query('mutation { createPet { id } }');
      const {
        pets: [pet],
      } = await query('{ pets { id } }');
      const connect = `pets: { connect: [{ id: "${pet.id}" }] }`;
      for (const name of ['Cy', 'Di']) {
        await query(`mutation { createUser(data: { name: "${name}", ${connect} }) { id } }`);
      }
      const { errors } = await server.deploy(pets('owner: User'));
      expect(errors).toMatchObject([{ type: 'Pet', field: 'owner' }]);
    });
  });

  test.each([
    ['a type', 'type Other { id: ID! @unique }', 'User'],
    ['a field', 'type User { id: ID! @unique }', 'User'],
    ['a type of a field', 'type User { id: ID! @unique name: Int }', 'User'],
  ])('%s does not go, not even by force', async (_, types, type) => {
    const { errors, warnings, migration } = await server.deploy(types, { force: true });
    expect(errors).toMatchObject([{ type }]);
    expect(errors[0].description).toContain('This server only adds.');
    expect([warnings, migration]).toEqual([[], null]);
    expect(await query('{ users { name } }')).toMatchObject({ users: { length: 2 } });
  });
});

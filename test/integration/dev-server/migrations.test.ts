import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from './postgres-container.js';
import { ask, startTestServer, type TestServer } from './test-server.js';

let postgres: TestPostgres;
let server: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startTestServer(postgres);
});
afterAll(async () => {
  await server?.stop();
  await postgres?.remove();
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

  test('renames of types and fields keep everything', async () => {
    await server.deploy(`type Person @rename(oldName: "User") {
      id: ID! @unique fullName: String! @unique @rename(oldName: "name") }`);
    expect(
      await query('{ person(where: { fullName: "Bob" }) { fullName } people { id } }'),
    ).toMatchObject({
      person: { fullName: 'Bob' },
      people: { length: 2 },
    });
  });

  test('a relation, later from one to many', async () => {
    const types = (many: string) =>
      `${user(`pets: ${many}`)} type Pet { id: ID! @unique owner: User }`;
    await server.deploy(types('Pet'));
    await query('mutation { createPet(data: { owner: { create: { name: "Cy" } } }) { id } }');
    await server.deploy(types('[Pet!]!'));
    await query('mutation { updateManyUsers(data: { name: "x" }) { count } }');
    const { users } = await query(
      '{ users(where: { pets_some: {} }) { pets { owner { name } } } }',
    );
    expect(users).toEqual([{ pets: [{ owner: { name: 'x' } }] }]);
    expect((await server.deploy(types('Pet'))).migration.revision).toBe(5);
  });

  test('unique and required, where values are', async () => {
    await server.deploy(user('').replace('String!', 'String'));
    await server.deploy(user('').replace('String!', 'String! @unique'));
    expect(await query('{ user(where: { name: "Ann" }) { name } }')).toEqual({
      user: { name: 'Ann' },
    });
  });
});

describe('what the data forbids', () => {
  const errorsOf = async (types: string) => {
    const { errors, migration } = await server.deploy(types, { force: true });
    expect(migration).toBeNull();
    return errors.map(({ type, field }: { type: string; field: string }) => `${type}.${field}`);
  };

  test('each thing is told, all at once, and nothing is changed', async () => {
    await query('mutation { createUser(data: { name: "Ann" }) { id } }');
    await server.deploy(user('nick: String'));
    const types = `${user('nick: String! age: Int!').replace('String!', 'String! @unique')}`;
    expect(await errorsOf(types)).toEqual(['User.name', 'User.nick', 'User.age']);
    expect(await query('{ users { name nick } }')).toMatchObject({ users: { length: 3 } });
    expect((await server.deploy(user('nick: String'))).migration).toBeNull();
  });

  test('a required relation where nodes are', async () => {
    const types = `${user('team: Team!')} type Team { id: ID! @unique users: [User!]! }`;
    expect(await errorsOf(types)).toEqual(['User.team']);
  });

  test('an enum value that is in use, alone or in a list', async () => {
    const types = (values: string) =>
      `${user('role: Role roles: [Role!]!')} enum Role { ${values} }`;
    await server.deploy(types('A B C'));
    await query('mutation { updateManyUsers(data: { role: A, roles: { set: [B] } }) { count } }');
    expect(await errorsOf(types('B C'))).toEqual(['User.role']);
    expect(await errorsOf(types('A C'))).toEqual(['User.roles']);
    expect((await server.deploy(types('A B'))).errors).toEqual([]);
  });

  test('one link where many are', async () => {
    const types = (many: string) =>
      `${user(`pets: ${many}`)} type Pet { id: ID! @unique owner: User }`;
    await server.deploy(types('[Pet!]!'));
    await query('mutation { a: createPet(data: {}) { id } b: createPet(data: {}) { id } }');
    const { pets } = await query('{ pets { id } }');
    const ids = pets.map(({ id }: { id: string }) => `{ id: "${id}" }`).join(' ');
    await query(
      `mutation { createUser(data: { name: "Di", pets: { connect: [${ids}] } }) { id } }`,
    );
    expect(await errorsOf(types('Pet'))).toEqual(['User.pets']);
  });
});

describe('what loses data', () => {
  test.each([
    ['a type', 'type Other { id: ID! @unique }', ['User']],
    ['a field', 'type User { id: ID! @unique }', ['User']],
    ['a type of a field', 'type User { id: ID! @unique name: Int }', ['User']],
  ])('%s goes only by force', async (_, types, warned) => {
    const stopped = await server.deploy(types);
    expect(stopped.warnings.map(({ type }: { type: string }) => type)).toEqual(warned);
    expect(stopped.migration).toBeNull();
    expect(await query('{ users { name } }')).toMatchObject({ users: { length: 2 } });
    const forced = await server.deploy(types, { force: true });
    expect(forced).toMatchObject({ errors: [], migration: { revision: 3 } });
  });

  test('an empty type goes without a word', async () => {
    await query('mutation { deleteManyUsers { count } }');
    const { warnings, migration } = await server.deploy('type Other { id: ID! @unique }');
    expect(warnings).toEqual([]);
    expect(migration.revision).toBe(3);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import { ask, clusterToken, startTestServer, type TestServer } from './test-server.js';

const TYPES = `
  enum Mood { GOOD BAD }
  type User {
    id: ID! @unique name: String email: String @unique age: Int share: Float born: DateTime
    data: Json mood: Mood isNew: Boolean tags: [String!]! friends: [User!]!
  }`;

/** Longer than an index of PostgreSQL takes, also when compressed. */
const LONG = Array.from({ length: 4_000 }, (_, n) => Math.sin(n).toString(36).slice(-8)).join('');
const nested = (depth: number, inside: string, name = 'friends') =>
  `${`${name} { `.repeat(depth)}${inside}${' }'.repeat(depth)}`;
const deepWhere = (depth: number): object =>
  depth === 0 ? { name: 'x' } : { AND: [deepWhere(depth - 1)] };
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');
const create = (data: string) => `mutation { createUser(data: { ${data} }) { id } }`;
const where = (filter: string) => `{ users(where: { ${filter} }) { id } }`;

type Hostile = readonly [what: string, query: unknown, variables?: unknown];

/** Requests to a service. A new one is one line. */
const TO_SERVICE: readonly Hostile[] = [
  ['no query', undefined],
  ['a query that is no text', { a: 1 }],
  ['an empty query', ''],
  ['half a query', '{ users { id '],
  ['two operations without a name', 'query A { users { id } } query B { users { id } }'],
  ['a subscription', 'subscription { user { id } }'],
  ['variables that are a list', 'query ($a: Int) { users(first: $a) { id } }', [1]],
  ['variables that are text', '{ users { id } }', 'x'],
  ['a variable of another type', 'query ($a: Int) { users(first: $a) { id } }', { a: {} }],
  ['__proto__ as a variable', '{ users { id } }', JSON.parse('{"__proto__":{"a":1}}')],
  ['10,000 levels', `{ users { ${nested(10_000, 'id')} } }`],
  ['99 levels', `{ users { ${nested(97, 'id')} } }`],
  [
    'conditions of 45 levels',
    'query ($w: UserWhereInput) { users(where: $w) { id } }',
    { w: deepWhere(45) },
  ],
  ['relations of 40 levels', where(`${'friends_some: { '.repeat(40)}name: "x"${' }'.repeat(40)}`)],
  ['relations of 80 levels', where(`${'friends_some: { '.repeat(80)}name: "x"${' }'.repeat(80)}`)],
  [
    'fragments that multiply',
    `{ users { ...a0 } } ${Array.from({ length: 30 }, (_, n) => `fragment a${n} on User { ...a${n + 1} x: friends { ...a${n + 1} } }`).join(' ')} fragment a30 on User { id }`,
  ],
  ['a fragment in itself', '{ users { ...a } } fragment a on User { ...a }'],
  ['6,000 fields of one name', `{ users { ${'name '.repeat(6_000)} } }`],
  ['25,000 tokens', `{ ${aliases(5_000, 'users { id }')} }`],
  [
    '70,000 ids',
    'query ($ids: [ID!]) { users(where: { id_in: $ids }) { id } }',
    { ids: Array.from({ length: 40_000 }, (_, n) => `${n}`) },
  ],
  ['a zero byte in a value', create('name: "a\\u0000b"')],
  ['a zero byte in a filter', where('name: "a\\u0000b"')],
  ['a zero byte in a pattern', where('name_contains: "\\u0000"')],
  ['a zero byte as an id', '{ user(where: { id: "\\u0000" }) { id } }'],
  ['a zero byte in Json', create('data: "{\\"a\\": \\"\\\\u0000\\"}"')],
  ['half a letter', create('name: "\\ud800"')],
  ['a letter of four bytes', create('name: "\\ud83d\\ude00"')],
  ['a unique value of 32 kB', create(`email: "${LONG}"`)],
  ['a value of 1 MB', create(`name: "${'x'.repeat(1_000_000)}"`)],
  ['an id of 1 MB', `{ user(where: { id: "${'x'.repeat(1_000_000)}" }) { id } }`],
  [
    'a list with null',
    'mutation ($t: [String!]) { createUser(data: { tags: { set: $t } }) { id } }',
    { t: [null] },
  ],
  ['an int that is too large', create('age: 99999999999')],
  ['a float without an end', create('share: 1e400')],
  ['a very small float', create('share: 1e-400')],
  ['a date of the year 0', create('born: "0000-01-01T00:00:00Z"')],
  ['a date of the year 9999', create('born: "9999-12-31T23:59:59.999-14:00"')],
  ['a date that is none', create('born: "2018-02-31T00:00:00Z"')],
  ['a date as a number', create('born: 1')],
  ['a value that the enum lacks', create('mood: UGLY')],
  ['Json that is none', create('data: "{"')],
  ['Json null', 'mutation ($d: Json) { createUser(data: { data: $d }) { data } }', { d: null }],
  ['first of -1', '{ users(first: -1) { id } }'],
  ['skip of -1', '{ users(skip: -1) { id } }'],
  ['the largest first and skip', '{ users(first: 2147483647, skip: 2147483647) { id } }'],
  ['an order that is none', '{ users(orderBy: nothing) { id } }'],
  ['an unknown cursor', '{ users(after: "\\u0000") { id } }'],
  ['a cursor of another kind', '{ usersConnection(after: "x", first: 1) { edges { cursor } } }'],
  ['an empty where', '{ user(where: {}) { id } }'],
  ['a where of two fields', '{ user(where: { id: "a", email: "b" }) { id } }'],
  [
    'null for all filters',
    where('name: null, name_in: null, AND: null, OR: [], NOT: null, friends_some: null'),
  ],
  [
    'null in a list of a filter',
    'query ($n: [String!]) { users(where: { name_in: $n }) { id } }',
    { n: null },
  ],
  ['an order against null', where('age_lt: null, name_contains: null')],
  ['connect to nothing', create('friends: { connect: { id: "nobody" } }')],
  ['connect by nothing', create('friends: { connect: {} }')],
  [
    'disconnect what is not there',
    'mutation { updateUser(where: { email: "x" }, data: { friends: { disconnect: { id: "a" } } }) { id } }',
  ],
  ['an unknown directive', '{ users @nothing { id } }'],
  ['what injects SQL', where('name: "\'; drop table \\"User\\"; --", email_contains: "%_\\\\"')],
  [
    'introspection of all',
    '{ __schema { types { name fields { name type { name ofType { name } } } } } }',
  ],
];

const deployOf = (types: string, more = '') =>
  `mutation { deploy(input: { name: "demo", stage: "dev", types: ${JSON.stringify(types)} ${more} }) { errors { description } } }`;
const addOf = (name: string, stage = 'dev') =>
  `mutation { addProject(input: { name: ${JSON.stringify(name)}, stage: ${JSON.stringify(stage)} }) { project { name } } }`;
const manyTypes = (count: number) =>
  Array.from({ length: count }, (_, n) => `type T${n} { id: ID! @unique }`).join(' ');

/** Requests to the management API. A new one is one line. */
const TO_MANAGEMENT: readonly Hostile[] = [
  ['no query', undefined],
  ['a service without a name', addOf('')],
  ['a service of another script', addOf('täglich')],
  ['a zero byte as a name', addOf('a\u0000')],
  ['a path as a name', addOf('../demo')],
  ['a name of 10,000 letters', addOf('a'.repeat(10_000))],
  ['a stage of 31 letters', addOf('demo', 'a'.repeat(31))],
  ['a name that is a path of the server', addOf('management')],
  ['a name that begins like one', addOf('cluster-of-mine')],
  ['a stage that is an endpoint', addOf('demo', 'export')],
  ['a service twice', addOf('demo')],
  ['types that are none', deployOf('{{{{')],
  ['types with a zero byte', deployOf('type A { id: ID! @unique } # \u0000')],
  ['types of 20,000 levels', deployOf(`type A { id: ${'['.repeat(20_000)}`)],
  ['types that extend', deployOf('type A { id: ID! @unique } extend type A { b: Int }')],
  ['types that extend nothing', deployOf('extend type A { b: Int }')],
  ['a schema', deployOf('schema { query: A } type A { id: ID! @unique }')],
  ['a query', deployOf('{ users { id } }')],
  ['a union', deployOf('type A { id: ID! @unique } union B = A')],
  ['an interface', deployOf('interface B { id: ID! } type A implements B { id: ID! @unique }')],
  ['a directive', deployOf('directive @unique on OBJECT type A { id: ID! @unique }')],
  ['a type without fields', deployOf('type A')],
  ['an enum without values', deployOf('enum A')],
  ['a type twice', deployOf('type A { id: ID! @unique } type A { id: ID! @unique }')],
  ['a type called as a scalar', deployOf('type String { id: ID! @unique }')],
  [
    'types called as those of the API',
    deployOf(
      'type Query { id: ID! @unique } type Node { id: ID! @unique } type AConnection { id: ID! @unique } type A { id: ID! @unique }',
    ),
  ],
  [
    'types that differ in case',
    deployOf('type Ab { id: ID! @unique } type AB { id: ID! @unique }'),
  ],
  [
    'names of JavaScript',
    deployOf(
      'type Constructor { id: ID! @unique constructor: Int toString: Int hasOwnProperty: String }',
    ),
  ],
  ['fields with arguments', deployOf('type A { id: ID! @unique b(c: Int): Int }')],
  [
    'a directive twice',
    deployOf('type A { id: ID! @unique @unique b: Int @default(value: 1) @default(value: 2) }'),
  ],
  [
    'arguments of other types',
    deployOf(
      'type A { id: ID! @unique b: Int @default(value: [1]) c: A @relation(name: 5) d: A @relation(name: {}) }',
    ),
  ],
  [
    'a directive without its argument',
    deployOf('type A { id: ID! @unique b: Int @default c: A @relation }'),
  ],
  [
    'a default that does not fit',
    deployOf('type A { id: ID! @unique b: Int @default(value: 99999999999) }'),
  ],
  [
    'a default with a zero byte',
    deployOf('type A { id: ID! @unique b: String @default(value: "\\u0000") }'),
  ],
  [
    'a default of an old date',
    deployOf('type A { id: ID! @unique b: DateTime @default(value: "0000-01-01") }'),
  ],
  [
    'an enum value of 300 letters',
    deployOf(`enum E { ${'A'.repeat(300)} } type A { id: ID! @unique e: E }`),
  ],
  [
    'names of 1,000 letters',
    deployOf(`type ${'A'.repeat(1_000)} { id: ID! @unique ${'b'.repeat(1_000)}: Int }`),
  ],
  ['2,000 types', deployOf(manyTypes(2_000))],
  [
    '2,000 fields',
    deployOf(
      `type A { id: ID! @unique ${Array.from({ length: 2_000 }, (_, n) => `f${n}: Int`).join(' ')} }`,
    ),
  ],
  [
    'subscriptions',
    deployOf(TYPES, ', subscriptions: [{ name: "a", query: "b", url: "c", headers: [] }]'),
  ],
  ['a secret with a zero byte', deployOf(TYPES, ', secrets: ["\\u0000"], dryRun: true')],
  ['a secret of 1 MB', deployOf(TYPES, `, secrets: ["${'x'.repeat(1_000_000)}"], dryRun: true`)],
  ['10,000 levels', `{ listProjects { ${nested(10_000, 'name', 'a')} } }`],
  [
    '200 deployments at once',
    `mutation { ${aliases(200, 'deploy(input: { name: "nobody", stage: "dev", types: "" }) { errors { type } }')} }`,
  ],
  ['200 lists at once', `{ ${aliases(200, 'listProjects { name }')} }`],
];

/** Bodies and paths as they come from the wire. A new one is one line. */
const RAW: readonly (readonly [what: string, path: string, body: string, type?: string])[] = [
  ['no JSON', '/demo/dev', '{'],
  ['nothing', '/demo/dev', ''],
  ['null', '/demo/dev', 'null'],
  ['a number', '/demo/dev', '1'],
  ['a list', '/demo/dev', '[{"query":"{ users { id } }"}]'],
  ['a million lists', '/demo/dev', '['.repeat(1_000_000)],
  [
    '2,000,000 values',
    '/demo/dev',
    `{"query":"{ users { id } }","variables":{"a":[${'1,'.repeat(2_000_000)}1]}}`,
  ],
  [
    'variables of 10,000 levels',
    '/demo/dev',
    `{"query":"{ users { id } }","variables":{"w":${'{"AND":['.repeat(10_000)}${']}'.repeat(10_000)}}}`,
  ],
  ['9 MB', '/demo/dev', JSON.stringify({ query: 'x'.repeat(9_000_000) })],
  ['half of a percent sign', '/demo/%e0%a4%a', '{}'],
  ['a zero byte in the path', '/de%00mo/dev', '{"query":"{ users { id } }"}'],
  ['a quote in the path', '/de%22mo/dev%27', '{"query":"{ users { id } }"}'],
  ['a path of 10 kB', `/${'a'.repeat(10_000)}/dev`, '{"query":"{ users { id } }"}'],
  ['another endpoint', '/demo/dev/import', '{"query":"{ users { id } }"}'],
  ['a form', '/demo/dev', 'query=1', 'application/x-www-form-urlencoded'],
];

describe.each(DATABASES)('what clients can send, on $connector', ({ start }) => {
  let database: TestDatabase;
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database);
    token = await clusterToken();
    await server.addProject();
    expect((await server.deploy(TYPES)).errors).toEqual([]);
  });
  afterAll(async () => {
    await server?.stop();
    await database?.remove();
  });

  /** Every request has an answer that says what is wrong, and the next one is answered. */
  const send = async (
    path: string,
    body: string,
    type: string | undefined = 'application/json',
  ) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(path === '/management' && { authorization: token }) },
      body,
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    expect(text).not.toMatch(/internal error|call stack|cannot read prop|is not a function/i);
    expect(Object.keys(JSON.parse(text)).length).toBeGreaterThan(0);
    return JSON.parse(text);
  };

  test.each(TO_SERVICE)('to a service: %s', async (_, query, variables) => {
    await send('/demo/dev', JSON.stringify({ query, variables }));
  });

  test.each(TO_MANAGEMENT)('to the management API: %s', async (_, query, variables) => {
    await send('/management', JSON.stringify({ query, variables }));
  });

  for (const [what, path, body, type = 'application/json'] of RAW) {
    test(`on the wire: ${what}`, () => send(path, body, type));
  }

  test('500 aliases are 500 answers, and others are served meanwhile', async () => {
    const many = ask(server.port, '/demo/dev', `{ ${aliases(500, 'users(first: 1) { id }')} }`);
    const other = await ask(server.port, '/demo/dev', '{ users(first: 1) { id } }');
    expect(other.errors).toBeUndefined();
    const { data, errors } = await many;
    expect(errors).toBeUndefined();
    expect(Object.keys(data)).toHaveLength(500);
  });

  test('200 requests at once are all answered', async () => {
    const query = `{ ${aliases(20, 'users(first: 1) { id }')} }`;
    const replies = await Promise.all(
      Array.from({ length: 200 }, () => ask(server.port, '/demo/dev', query)),
    );
    expect(replies.filter(({ errors }) => errors !== undefined)).toEqual([]);
  });

  test('nothing of it has harmed the service', async () => {
    const { data, errors } = await ask(server.port, '/demo/dev', '{ users(first: 1) { id } }');
    expect(errors).toBeUndefined();
    expect(data.users.length).toBe(1);
    expect(server.lines.filter((line) => line.includes('Internal'))).toEqual([]);
  });
});

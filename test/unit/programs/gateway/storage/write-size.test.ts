import { describe, expect, test } from 'vitest';
import { readGraphql } from '../../../../../programs/gateway/graphql/read-graphql.js';
import { importSize, writeSize } from '../../../../../programs/gateway/storage/write-size.js';

const sizeOf = (query: string, variables?: object, operationName?: string) =>
  writeSize(readGraphql(Buffer.from(JSON.stringify({ query, variables, operationName }))));
const LARGE = 'x'.repeat(10_000);

describe('what writes nothing', () => {
  test.each([
    '{ users { id } }',
    'subscription { user { node { id } } }',
    'mutation { deleteUser(where: { id: "a" }) { id } }',
    'mutation { gone: deleteManyUsers { count } __typename }',
    'mutation { resetData }',
  ])('%s', (query) => {
    expect(sizeOf(query)).toEqual({ bytes: 0, perRow: 0, isOpen: false });
  });

  test('of several operations the named one counts', () => {
    const query = 'query a { x } mutation b { createUser { id } }';
    expect([sizeOf(query, {}, 'a').bytes, sizeOf(query, {}, 'b').bytes]).toEqual([0, 256]);
  });
});

describe('what writes', () => {
  test.each([
    'mutation { createUser(data: { name: "a" }) { id } }',
    'mutation { deleteUser(where: {}) { id } createUser(data: {}) { id } }',
    'mutation { deleteUser: createUser(data: {}) { id } }',
    'mutation { ...f } fragment f on Mutation { createUser(data: {}) { id } }',
    'mutation { ... on Mutation { createUser(data: {}) { id } } }',
    'mutation { deletedAt }',
    'query a { x } mutation b { createUser { id } }',
  ])('%s', (query) => {
    expect(sizeOf(query).bytes).toBeGreaterThanOrEqual(256);
  });

  test('a variable counts wherever it is used', () => {
    const fields = Array.from(
      { length: 200 },
      (_, index) => `a${index}: createUser(data: $d) { id }`,
    );
    const { bytes } = sizeOf(`mutation ($d: Data!) { ${fields.join(' ')} }`, {
      d: { name: LARGE },
    });
    expect(bytes).toBeGreaterThan(200 * 10_000);
    expect(bytes).toBeLessThan(200 * 11_000);
  });

  test('also inside of lists, objects, fragments, and by its default', () => {
    const nested =
      'createUser(data: { posts: { create: [{ t: $t }, { t: $t }, { t: $t }] } }) { id }';
    const inFragment = `mutation ($t: String!) { ...f } fragment f on Mutation { ${nested} }`;
    expect(sizeOf(inFragment, { t: LARGE }).bytes).toBeGreaterThan(30_000);
    const byDefault = `mutation ($t: String = "${LARGE}") { ${nested} }`;
    expect(sizeOf(byDefault).bytes).toBeGreaterThan(30_000);
    expect(sizeOf(byDefault, { t: null }).bytes).toBeGreaterThan(30_000);
    expect(sizeOf(byDefault, { t: 'short' }).bytes).toBeLessThan(3_000);
  });

  test('every request of a list counts', () => {
    const one = { query: 'mutation ($n: String!) { createUser(data: { name: $n }) { id } }' };
    const list = [1, 2, 3].map(() => ({ ...one, variables: { n: LARGE } }));
    const { bytes } = writeSize(readGraphql(Buffer.from(JSON.stringify(list))));
    expect(bytes).toBeGreaterThan(30_000);
  });

  test('rows count, and items of lists, however little they hold', () => {
    const rows = Array.from({ length: 100 }, () => '{}').join(' ');
    expect(
      sizeOf(`mutation { createUser(data: { p: { create: [${rows}] } }) { id } }`).bytes,
    ).toBeGreaterThan(100 * (256 + 128));
    const query = 'mutation ($d: Data!) { createUser(data: $d) { id } }';
    const d = { tags: { set: Array.from({ length: 1_000 }, () => 1) } };
    expect(sizeOf(query, { d }).bytes).toBeGreaterThan(1_000 * (128 + 40));
  });

  test('letters count as the database stores them', () => {
    const query = 'mutation { createUser(data: { name: "\\u20ac\\u20ac" }) { id } }';
    const short = 'mutation { createUser(data: { name: "" }) { id } }';
    expect(sizeOf(query).bytes - sizeOf(short).bytes).toBe(6);
  });

  test('an update of many rows counts for each, also inside of another mutation', () => {
    const top = sizeOf(`mutation { updateManyUsers(data: { name: "${LARGE}" }) { count } }`);
    expect(top.perRow).toBeGreaterThan(10_000);
    const inside = 'mutation ($d: D!) { updateUser(where: { id: 1 }, data: $d) { id } }';
    const d = { posts: { updateMany: { where: {}, data: { text: LARGE } } } };
    expect(sizeOf(inside, { d }).perRow).toBeGreaterThan(10_000);
    expect(sizeOf(inside, { d: { posts: {} } }).perRow).toBe(0);
  });

  test('SQL has no bound', () => {
    expect(sizeOf('mutation { executeRaw(query: "x") }').isOpen).toBe(true);
  });
});

test('an import has its rows in its body', () => {
  const body = Buffer.from(JSON.stringify({ valueType: 'nodes', values: [{ id: LARGE }, {}, {}] }));
  const { bytes } = importSize(body);
  expect(bytes).toBeGreaterThan(10_000 + 3 * 256);
  expect(bytes).toBeLessThan(13_000);
});

import { buildSchema, graphqlSync } from 'graphql';
import { describe, expect, test } from 'vitest';
import {
  API_TYPES_QUERY,
  type ApiType,
  datamodelDifferences,
} from '../../../../service/deploy/datamodel-differences.js';
import { judgeDeployment } from '../../../../service/deploy/verify-deployment.js';

const DATAMODEL = `type User { id: ID! @unique, email: String! @default(value: "x"), posts: [Post!]! role: Role }
type Post { id: ID! @id, at: DateTime, tags: [String!]!, author: User! @relation(name: "A") }
enum Role { ADMIN USER }
enum Unused { A }
type Table @relationTable { a: User! b: Post! }
`;
const API = `scalar DateTime
type Query { users(where: Int): [User]! post: Post }
type User { id: ID! email: String! posts(first: Int): [Post!] role: Role }
type Post { id: ID! at: DateTime tags: [String!]! author(where: Int): User }
enum Role { ADMIN USER }
type Extra { id: ID! }`;

function apiOf(text: string): ApiType[] {
  const { data } = graphqlSync({ schema: buildSchema(text), source: API_TYPES_QUERY });
  return JSON.parse(JSON.stringify(data)).__schema.types;
}
const differ = (datamodel: string, api = API) => datamodelDifferences(datamodel, apiOf(api));

describe('datamodel and API', () => {
  test('are the same', () => expect(differ(DATAMODEL)).toEqual([]));
  test.each([
    ['a new type', `${DATAMODEL} type Tag { id: ID! }`, [['missing', 'Tag']]],
    ['a new field', DATAMODEL.replace('at:', 'on: Int, at:'), [['missing', 'Post.on']]],
    ['a field less', DATAMODEL.replace('at: DateTime,', ''), [['extra', 'Post.at']]],
    ['another type', DATAMODEL.replace('at: DateTime', 'at: Int'), [['other', 'Post.at']]],
    ['required now', DATAMODEL.replace('at: DateTime', 'at: DateTime!'), [['other', 'Post.at']]],
    ['no list now', DATAMODEL.replace('[String!]!', 'String'), [['other', 'Post.tags']]],
    ['a new enum value', DATAMODEL.replace('USER }', 'USER GUEST }'), [['missing', 'Role.GUEST']]],
  ])('differ by %s', (_, datamodel, expected) => {
    expect(differ(datamodel)?.map(({ kind, what }) => [kind, what])).toEqual(expected);
  });
  test('cannot be compared when the datamodel cannot be read', () => {
    expect(differ('type {')).toBeUndefined();
  });
});

describe('a deployment', () => {
  const state = (revision: number, status = 'SUCCESS') => ({ revision, status, errors: [] });
  const missing = [{ kind: 'missing', what: 'Post' }] as const;
  const extra = [{ kind: 'extra', what: 'Post.a' }] as const;

  test.each([
    ['first', undefined, state(2), [], { deployed: true, sure: true }],
    ['changed', state(2), state(3), [], { deployed: true, sure: true }],
    ['changed, and the API shows more', state(2), state(3), extra, { deployed: true, sure: true }],
    ['changed, API closed', state(2), state(3), undefined, { deployed: true, sure: true }],
    ['unchanged', state(3), state(3), [], { deployed: true, sure: true }],
    ['unchanged, API closed', state(3), state(3), undefined, { deployed: true, sure: false }],
  ])('took place: %s', (_, before, after, differences, expected) => {
    expect(judgeDeployment({ before, after, differences })).toEqual(expected);
  });

  test.each([
    ['absent', undefined, undefined, undefined, /does not have the service/],
    ['lost', state(2), undefined, undefined, /does not have the service/],
    ['only created', undefined, state(1), missing, /old datamodel \(different: Post\)/],
    ['only created, API closed', undefined, state(1), undefined, /nothing was deployed/],
    ['nothing happened', state(2), state(2), missing, /old datamodel/],
    ['nothing happened to a field', state(2), state(2), extra, /old datamodel/],
    ['rolled back', state(2), state(3, 'ROLLBACK_SUCCESS'), [], /ended as ROLLBACK_SUCCESS/],
    ['another one was deployed', state(2), state(3), missing, /old datamodel/],
  ])('failed: %s', (_, before, after, differences, reason) => {
    expect(judgeDeployment({ before, after, differences })).toEqual({
      deployed: false,
      reason: expect.stringMatching(reason),
      onlyRemovals: differences === extra,
    });
  });
});

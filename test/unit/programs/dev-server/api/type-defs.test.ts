import { buildSchema, type GraphQLSchema, printSchema, printType, validateSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { serviceTypeDefs } from '../../../../../programs/dev-server/api/type-defs.js';
import { parseDatamodel } from '../../../../../programs/dev-server/datamodel/parse-datamodel.js';

const schemaOf = (sdl: string) => buildSchema(serviceTypeDefs(parseDatamodel(sdl, 'B')));
const typeOf = (schema: GraphQLSchema, name: string) => {
  const type = schema.getType(name);
  return type && printType(type);
};

const BLOG = schemaOf(`
  enum Role { USER ADMIN }
  type User {
    id: ID! @unique
    email: String! @unique
    role: Role! @default(value: "USER")
    tags: [String!]!
    createdAt: DateTime!
    posts: [Post!]!
  }
  type Post { id: ID! @unique title: String! author: User! }`);

test('queries and mutations', () => {
  expect(printType(BLOG.getQueryType() ?? (BLOG.getType('Query') as never))).toMatchInlineSnapshot(`
    "type Query {
      node(id: ID!): Node
      user(where: UserWhereUniqueInput!): User
      users(where: UserWhereInput, orderBy: UserOrderByInput, skip: Int, after: String, first: Int): [User]!
      usersConnection(where: UserWhereInput, orderBy: UserOrderByInput, skip: Int, after: String, first: Int): UserConnection!
      post(where: PostWhereUniqueInput!): Post
      posts(where: PostWhereInput, orderBy: PostOrderByInput, skip: Int, after: String, first: Int): [Post]!
      postsConnection(where: PostWhereInput, orderBy: PostOrderByInput, skip: Int, after: String, first: Int): PostConnection!
    }"
  `);
  expect(printType(BLOG.getMutationType() as never)).toMatchInlineSnapshot(`
    "type Mutation {
      createUser(data: UserCreateInput!): User!
      updateUser(data: UserUpdateInput!, where: UserWhereUniqueInput!): User
      upsertUser(where: UserWhereUniqueInput!, create: UserCreateInput!, update: UserUpdateInput!): User!
      deleteUser(where: UserWhereUniqueInput!): User
      deleteManyUsers(where: UserWhereInput): BatchPayload!
      createPost(data: PostCreateInput!): Post!
      updatePost(data: PostUpdateInput!, where: PostWhereUniqueInput!): Post
      upsertPost(where: PostWhereUniqueInput!, create: PostCreateInput!, update: PostUpdateInput!): Post!
      deletePost(where: PostWhereUniqueInput!): Post
      deleteManyPosts(where: PostWhereInput): BatchPayload!
    }"
  `);
});

test('outputs', () => {
  expect(typeOf(BLOG, 'User')).toMatchInlineSnapshot(`
    "type User implements Node {
      id: ID!
      email: String!
      role: Role!
      tags: [String!]!
      createdAt: DateTime!
      posts(where: PostWhereInput, orderBy: PostOrderByInput, skip: Int, after: String, first: Int): [Post!]
    }"
  `);
  expect(typeOf(BLOG, 'UserConnection')).toMatchInlineSnapshot(`
    "type UserConnection {
      pageInfo: PageInfo!
      edges: [UserEdge]!
      aggregate: AggregateUser!
    }"
  `);
  expect(typeOf(BLOG, 'PostOrderByInput')).toMatchInlineSnapshot(`
    "enum PostOrderByInput {
      id_ASC
      id_DESC
      title_ASC
      title_DESC
      updatedAt_ASC
      updatedAt_DESC
      createdAt_ASC
      createdAt_DESC
    }"
  `);
});

test('inputs', () => {
  expect(typeOf(BLOG, 'UserWhereUniqueInput')).toMatchInlineSnapshot(`
    "input UserWhereUniqueInput {
      id: ID
      email: String
    }"
  `);
  expect(typeOf(BLOG, 'UserCreateInput')).toMatchInlineSnapshot(`
    "input UserCreateInput {
      email: String!
      role: Role
      tags: UserCreatetagsInput
      posts: PostCreateManyWithoutAuthorInput
    }"
  `);
  expect(typeOf(BLOG, 'UserCreatetagsInput')).toMatchInlineSnapshot(`
    "input UserCreatetagsInput {
      set: [String!]
    }"
  `);
  expect(typeOf(BLOG, 'PostCreateManyWithoutAuthorInput')).toMatchInlineSnapshot(`
    "input PostCreateManyWithoutAuthorInput {
      create: [PostCreateWithoutAuthorInput!]
      connect: [PostWhereUniqueInput!]
    }"
  `);
  expect(typeOf(BLOG, 'PostCreateWithoutAuthorInput')).toMatchInlineSnapshot(`
    "input PostCreateWithoutAuthorInput {
      title: String!
    }"
  `);
  expect(typeOf(BLOG, 'UserCreateOneWithoutPostsInput')).toMatchInlineSnapshot(`
    "input UserCreateOneWithoutPostsInput {
      create: UserCreateWithoutPostsInput
      connect: UserWhereUniqueInput
    }"
  `);
  expect(typeOf(BLOG, 'PostUpdateManyWithoutAuthorInput')).toMatchInlineSnapshot(`
    "input PostUpdateManyWithoutAuthorInput {
      create: [PostCreateWithoutAuthorInput!]
      connect: [PostWhereUniqueInput!]
      disconnect: [PostWhereUniqueInput!]
    }"
  `);
  expect(typeOf(BLOG, 'UserUpdateOneRequiredWithoutPostsInput')).toMatchInlineSnapshot(`
    "input UserUpdateOneRequiredWithoutPostsInput {
      create: UserCreateWithoutPostsInput
      connect: UserWhereUniqueInput
    }"
  `);
});

test('filters', () => {
  expect(typeOf(BLOG, 'PostWhereInput')).toMatchInlineSnapshot(`
    "input PostWhereInput {
      AND: [PostWhereInput!]
      OR: [PostWhereInput!]
      NOT: [PostWhereInput!]
      id: ID
      id_not: ID
      id_in: [ID!]
      id_not_in: [ID!]
      id_lt: ID
      id_lte: ID
      id_gt: ID
      id_gte: ID
      id_contains: ID
      id_not_contains: ID
      id_starts_with: ID
      id_not_starts_with: ID
      id_ends_with: ID
      id_not_ends_with: ID
      title: String
      title_not: String
      title_in: [String!]
      title_not_in: [String!]
      title_lt: String
      title_lte: String
      title_gt: String
      title_gte: String
      title_contains: String
      title_not_contains: String
      title_starts_with: String
      title_not_starts_with: String
      title_ends_with: String
      title_not_ends_with: String
      author: UserWhereInput
    }"
  `);
  const ofUser = typeOf(BLOG, 'UserWhereInput') ?? '';
  expect(ofUser.match(/(role|createdAt|posts|tags)\w*: .*/g)).toMatchInlineSnapshot(`
    [
      "role: Role",
      "role_not: Role",
      "role_in: [Role!]",
      "role_not_in: [Role!]",
      "createdAt: DateTime",
      "createdAt_not: DateTime",
      "createdAt_in: [DateTime!]",
      "createdAt_not_in: [DateTime!]",
      "createdAt_lt: DateTime",
      "createdAt_lte: DateTime",
      "createdAt_gt: DateTime",
      "createdAt_gte: DateTime",
      "posts_every: PostWhereInput",
      "posts_some: PostWhereInput",
      "posts_none: PostWhereInput",
    ]
  `);
});

describe('every datamodel gives a schema that GraphQL accepts', () => {
  test.each([
    ['nothing', ''],
    ['an id alone', 'type A { id: ID! @unique }'],
    [
      'ids and relations alone',
      'type A { id: ID! @unique bs: [B!]! } type B { id: ID! @unique a: A }',
    ],
    [
      'one way',
      'type A { id: ID! @unique bs: [B!]! b: B } type B { id: ID! @unique }'.replace(' b: B', ''),
    ],
    ['itself', 'type A { id: ID! @unique parent: A children: [A!]! }'],
    ['lists alone', 'enum E { X } type A { id: ID! @unique b: [Int!]! c: [E!]! d: [Json!]! }'],
  ])('%s', (_, sdl) => {
    const schema = schemaOf(sdl);
    expect(validateSchema(schema)).toEqual([]);
    expect(printSchema(schema)).toContain('type Query');
  });
});

test('plurals', () => {
  const schema = schemaOf(
    ['Category', 'Person', 'News', 'BlogPost']
      .map((name) => `type ${name} { id: ID! @unique }`)
      .join('\n'),
  );
  const names = Object.keys(schema.getQueryType()?.getFields() ?? {});
  expect(names.filter((name) => !/^node$|Connection$/.test(name))).toEqual([
    ...['category', 'categories', 'person', 'people', 'news', 'newses', 'blogPost', 'blogPosts'],
  ]);
});

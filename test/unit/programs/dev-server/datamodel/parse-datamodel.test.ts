import { describe, expect, test } from 'vitest';
import type { Datamodel } from '../../../../../programs/dev-server/datamodel/datamodel.js';
import { MigrationRefused } from '../../../../../programs/dev-server/datamodel/deploy-problem.js';
import { parseDatamodel as parse } from '../../../../../programs/dev-server/datamodel/parse-datamodel.js';

const ID = 'id: ID! @unique';
const parseDatamodel = (sdl: string) => parse(sdl, 'B');

function problemsOf(sdl: string, read: (sdl: string) => Datamodel = parseDatamodel): string[] {
  try {
    read(sdl);
  } catch (error) {
    if (error instanceof MigrationRefused) {
      return error.errors.map(({ type, description }) => `${type}: ${description}`);
    }
    throw error;
  }
  return [];
}

/** Each relation as `Name: A.field - B.field`. */
const relationsIn = ({ relations }: Datamodel) =>
  [...relations.values()].map(({ name, A, B }) => {
    const end = ({ model, field }: typeof A) => (field ? `${model}.${field.name}` : model);
    return `${name}: ${end(A)} - ${end(B)}`;
  });

describe('types and fields', () => {
  test('what `prisma init` writes, in both spellings', () => {
    const old = parseDatamodel('type User {\n  id: ID! @unique\n  name: String!\n}\n');
    const now = parseDatamodel('type User {\n  id: ID! @id\n  name: String!\n}\n');
    expect(now).toEqual(old);
    const fields = old.models.get('User')?.fields.map(({ name, type, isRequired }) => {
      return `${name}: ${type}${isRequired ? '!' : ''}`;
    });
    expect(fields).toEqual([
      ...['id: ID!', 'name: String!', 'updatedAt: DateTime!', 'createdAt: DateTime!'],
    ]);
  });

  test('C adds no times unasked', () => {
    const fields = parse('type User { id: ID! @id name: String }', 'C').models.get('User')?.fields;
    expect(fields?.map(({ name }) => name)).toEqual(['id', 'name']);
  });

  test('defaults, quoted or not, take the type of their field', () => {
    const { models } = parseDatamodel(`
      enum Role { USER ADMIN }
      type User {
        ${ID}
        count: Int! @default(value: "3")
        share: Float @default(value: 0.5)
        isNew: Boolean! @default(value: "true")
        name: String! @default(value: "3")
        role: Role! @default(value: USER)
        rank: Role @default(value: "ADMIN")
        since: DateTime @default(value: "2018-01-01T00:00:00.000Z")
      }`);
    const fields = models.get('User')?.fields ?? [];
    const values = fields.map((field) => ('defaultValue' in field ? field.defaultValue : null));
    expect(values.slice(1, 8)).toEqual([
      ...[3, 0.5, true, '3', 'USER', 'ADMIN', '2018-01-01T00:00:00.000Z'],
    ]);
  });

  test('lists and enums', () => {
    const { models, enums } = parseDatamodel(`
      enum Role { USER ADMIN }
      type Person {
        ${ID}
        tags: [String!]!
        roles: [Role!]!
      }`);
    expect(enums.get('Role')).toEqual({ name: 'Role', values: ['USER', 'ADMIN'] });
    expect(models.get('Person')?.fields[1]).toMatchObject({
      ...{ kind: 'scalar', isList: true, isRequired: false },
    });
    expect(models.get('Person')?.fields[2]).toMatchObject({ kind: 'enum', isList: true });
  });

  test('what means something to others is passed over', () => {
    const plain = `type A { ${ID} b: Int other: B } type B { ${ID} }`;
    const rich = `scalar Upload ${plain.replace('b: Int', 'b: Int @odd(x: 1)').replace('other: B', 'other: B @unique')}`;
    expect(parseDatamodel(rich)).toEqual(parseDatamodel(plain));
  });

  test('nothing at all is a datamodel too', () => {
    expect(parseDatamodel('\n # only a remark\n').models.size).toBe(0);
  });
});

/** Datamodels as people have them, and the types of the API that they give. A new one is one line. */
describe('what servers from 1.27 on deploy', () => {
  test.each<[string, string, string[]]>([
    [
      'scalars that are declared',
      'scalar DateTime scalar ID type A { id: ID! @id at: DateTime }',
      ['A: id at'],
    ],
    [
      'lists of all spellings',
      'type A { id: ID! @id a: [String] b: [Int]! c: [Float!] d: [A] }',
      ['A: id a b c d'],
    ],
    ['an id of another name', 'type Match { matchId: ID! @id }', ['Match: matchId=id']],
    [
      'ids of another type',
      'type A { id: UUID! @id b: [B] } type B { key: UUID! @id }',
      ['A: id b', 'B: key=id'],
    ],
    [
      'times of other names',
      'type A { id: ID! @id made: DateTime! @createdAt seen: DateTime @updatedAt }',
      ['A: id made=createdAt seen=updatedAt'],
    ],
    [
      'lists in tables of their own',
      'type A { id: ID! @id a: [String!]! @scalarList(strategy: RELATION) }',
      ['A: id a'],
    ],
    [
      'names in the database',
      'type A @db(name: "a_s") { id: ID! @id @db(name: "a_id") b: Int @db(name: "b_1") }',
      ['A: id b'],
    ],
    ['strategies of ids', 'type A { id: ID! @id(strategy: NONE) }', ['A: id']],
    [
      'link tables',
      'type A { id: ID! @id b: [B] @relation(name: "AB", link: TABLE) } type B { id: ID! @id a: [A] @relation(name: "AB") } type AB @relationTable { a: A b: B }',
      ['A: id b', 'B: id a'],
    ],
    [
      'link tables as 1.29 calls them',
      'type A { id: ID! @id b: [A] @relation(name: "AB") } type AB @linkTable { a: A b: A }',
      ['A: id b'],
    ],
    [
      'long names',
      `type ${'A'.repeat(64)} { id: ID! @id ${'b'.repeat(64)}: [B!]! } type B { id: ID! @id }`,
      [`${'A'.repeat(64)}: id ${'b'.repeat(64)}`, 'B: id'],
    ],
  ])('%s', (_, sdl, expected) => {
    const { models } = parse(sdl, 'C', true);
    const shown = [...models.values()].map(({ name, fields }) => {
      const written = fields.map((field) => {
        const filled = 'filled' in field && field.filled !== field.name ? `=${field.filled}` : '';
        return `${field.name}${filled}`;
      });
      return `${name}: ${written.join(' ')}`;
    });
    expect(shown).toEqual(expected);
  });
});

describe('relations', () => {
  test.each([
    [
      'both ways',
      `type User { ${ID} posts: [Post!]! } type Post { ${ID} author: User! }`,
      ['PostToUser: Post.author - User.posts'],
    ],
    [
      'one way',
      `type Link { ${ID} postedBy: User } type User { ${ID} }`,
      ['LinkToUser: Link.postedBy - User'],
    ],
    [
      'two between the same types, told apart by name',
      `type User { ${ID} posts: [Post!]! @relation(name: "Written") likes: [Post!]! @relation(name: "Liked") }
       type Post { ${ID} author: User! @relation(name: "Written") fans: [User!]! @relation(name: "Liked") }`,
      ['Written: Post.author - User.posts', 'Liked: Post.fans - User.likes'],
    ],
    [
      'a name on one end only',
      `type User { ${ID} posts: [Post!]! @relation(name: "Blog", onDelete: CASCADE) } type Post { ${ID} author: User }`,
      ['Blog: Post.author - User.posts'],
    ],
    [
      'to itself, in the order of the fields whatever comes first',
      `type Node { ${ID} parent: Node children: [Node!]! }`,
      ['NodeToNode: Node.children - Node.parent'],
    ],
    [
      'to itself by one field',
      `type User { ${ID} friends: [User!]! }`,
      ['UserToUser: User.friends - User'],
    ],
  ])('%s', (_, sdl, expected) => {
    expect(relationsIn(parseDatamodel(sdl))).toEqual(expected);
  });

  test('cascades belong to the end that has them', () => {
    const { relations } = parseDatamodel(
      `type User { ${ID} posts: [Post!]! @relation(name: "Blog", onDelete: CASCADE) }
       type Post { ${ID} author: User @relation(name: "Blog") }`,
    );
    expect(relations.get('Blog')?.A.field?.cascades).toBe(false);
    expect(relations.get('Blog')?.B.field?.cascades).toBe(true);
  });
});

describe('what is refused', () => {
  test.each([
    ['no SDL', 'type User {', ['Global: Syntax Error: Expected Name, found <EOF>.']],
    ['an unknown type', `type A { ${ID} b: Other }`, ['Global: Unknown type "Other".']],
    [
      'a field twice',
      `type A { ${ID} b: Int b: Int }`,
      ['Global: Field "A.b" can only be defined once.'],
    ],
    ['an optional id', 'type A { id: ID @unique }', ['A: `id`: It must be `ID! @unique`.']],
    ['inputs', `type A { ${ID} } input B { c: Int }`, ['B: A datamodel has only types and enums.']],
    [
      'a nullable item',
      `type A { ${ID} b: [Int]! }`,
      ['A: `b`: A list is written [Type!] or [Type!]! on servers up to 1.26.'],
    ],
    ['a unique list', `type A { ${ID} b: [Int!]! @unique }`, ['A: `b`: A list is not unique.']],
    [
      'a default of another type',
      `type A { ${ID} b: Int @default(value: "x") }`,
      ['A: `b`: The default "x" is not a single value of type Int.'],
    ],
    [
      'a default that the enum lacks',
      `enum E { X } type A { ${ID} b: E @default(value: Y) }`,
      ['A: `b`: The default "Y" is not a single value of type E.'],
    ],
    [
      'a small letter',
      `type a { ${ID} }`,
      ['a: A name has an uppercase letter first, and 64 in all at most.'],
    ],
    [
      'a time that is not one',
      `type A { ${ID} createdAt: String }`,
      ['A: `createdAt`: The server fills it: it is a DateTime.'],
    ],
    [
      'no id',
      'type Story { content: String }',
      ['Story: A type needs the field `id: ID! @unique` on this server.'],
    ],
    [
      'a value for a migration',
      `type A { ${ID} b: Int! @migrationValue(value: 1) }`,
      ['A: `b`: This server has no @migrationValue: give a @default.'],
    ],
    [
      'two fields for one way back',
      `type User { ${ID} posts: [Post!]! } type Post { ${ID} author: User editor: User }`,
      [
        'User: `posts`: Does it belong with Post.author or Post.editor? Add @relation(name:) to each.',
        'Post: `editor`: Does it belong with User.posts or Post.author? Add @relation(name:) to each.',
        'Post: `editor`: There are two relations PostToUser: use @relation(name:).',
      ],
    ],
    [
      'onDelete as it is not written',
      `type A { ${ID} b: B @relation(onDelete: DELETE) } type B { ${ID} }`,
      ['A: `b`: onDelete is CASCADE or SET_NULL, not DELETE.'],
    ],
  ])('%s', (_, sdl, expected) => {
    expect(problemsOf(sdl)).toEqual(expected);
  });

  describe('how ids are marked in what is new', () => {
    const byId = 'type User { id: ID! @id }';
    const byUnique = 'type User { id: ID! @unique }';
    const refusal = (sdl: string, generation: 'A' | 'B' | 'C') =>
      problemsOf(sdl, () => parse(sdl, generation, true));

    test.each(['A', 'B'] as const)('%s wants @unique', (generation) => {
      expect(refusal(byUnique, generation)).toEqual([]);
      expect(refusal(byId, generation)).toEqual(['User: `id`: It must be `ID! @unique`.']);
    });

    test('C wants @id, once for each type', () => {
      const told = (type: string) =>
        `${type}: One field of the type \`${type}\` must be marked as the id field with the \`@id\` directive.`;
      expect(refusal(byId, 'C')).toEqual([]);
      expect(refusal(`${byUnique} type Pet { name: String }`, 'C')).toEqual([
        ...[told('User'), told('Pet')],
      ]);
    });

    test('what was deployed before is read by every generation', () => {
      for (const generation of ['A', 'B', 'C'] as const) {
        expect([byId, byUnique].map((sdl) => parse(sdl, generation).models.size)).toEqual([1, 1]);
      }
    });
  });

  test.each<[string, string, string[]]>([
    [
      '1.34, embedded',
      'type A @embedded { b: Int }',
      [
        'Global: A is @embedded, which is for MongoDB only: give it an id and a relation, or store it in a field of type Json.',
      ],
    ],
    [
      '1.34, an id as a number',
      'type A { id: Int! @id }',
      ['A: `id`: This server makes ids of the types `ID!` and `UUID!`.'],
    ],
    [
      '1.34, two ids',
      'type A { id: ID! matchId: ID! @id }',
      [
        'A: `matchId`: `id` is the id of the type already, and this server has one: rename or remove it.',
      ],
    ],
    [
      '1.34, two times',
      'type A { id: ID! @id a: DateTime! @createdAt b: DateTime! @createdAt }',
      [
        'A: `b`: `a` is the createdAt of the type already, and this server has one: rename or remove it.',
      ],
    ],
  ])('%s', (_, sdl, expected) => {
    expect(problemsOf(sdl, () => parse(sdl, 'C', true))).toEqual(expected);
  });

  test('what only later servers have is refused with that reason', () => {
    const table = `type A { ${ID} } type B @relationTable { a: A other: A }`;
    expect(problemsOf(table)).toEqual([
      'Global: B describes a link table, which servers have from 1.27 on: remove the type, and name the relation with @relation(name:).',
    ]);
    expect(problemsOf('type A { matchId: ID! @id }')[0]).toBe(
      'A: `matchId`: The id field is called `id` up to 1.26.',
    );
  });

  test('everything at once', () => {
    expect(problemsOf('type A { b: [Int]! } type c { id: Int }')).toHaveLength(4);
  });
});

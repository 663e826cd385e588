import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { describe, expect, test } from 'vitest';
import { type ManagementTables, serviceDatabase } from '../../../dev-server/database/database.js';
import { parseDatamodel } from '../../../dev-server/datamodel/parse-datamodel.js';
import { planMigration } from '../../../dev-server/migration/plan-migration.js';

const db = new Kysely<ManagementTables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (source) => new PostgresIntrospector(source),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const service = serviceDatabase(db, 's');
const dialect = {
  columnType: (type: string, isList: boolean) => sql.raw(isList ? 'list' : type.toLowerCase()),
  among: () => sql``,
  violation: () => undefined,
};

const plan = (from: string, to: string) =>
  planMigration(parseDatamodel(from), parseDatamodel(to), service, dialect);
const stepsOf = (from: string, to: string) => plan(from, to).map(({ step }) => step);
/** What is run, without index names, which are hashes. */
const sqlOf = (from: string, to: string) =>
  plan(from, to)
    .flatMap(({ statements }) => statements)
    .map((statement) => statement.compile(db).sql.replace(/"ix_\w+"/g, 'INDEX'));

const USER = 'type User { id: ID! @unique name: String }';
const BLOG = `type User { id: ID! @unique name: String posts: [Post!]! }
  type Post { id: ID! @unique author: User! }`;

describe('steps', () => {
  test('a first deployment', () => {
    const steps = stepsOf(
      '',
      'type User { id: ID! @unique posts: [Post!]! role: Role! } type Post { id: ID! @unique author: User! } enum Role { A B }',
    );
    expect(
      steps.map((step) => [step.type, step.model, step.name].filter(Boolean).join(' ')),
    ).toEqual([
      'CreateEnum Role',
      'CreateModel User',
      'CreateField User id',
      'CreateField User posts',
      'CreateField User role',
      'CreateField User updatedAt',
      'CreateField User createdAt',
      'CreateModel Post',
      'CreateField Post id',
      'CreateField Post author',
      'CreateField Post updatedAt',
      'CreateField Post createdAt',
      'CreateRelation PostToUser',
    ]);
    expect(steps[2]).toEqual({
      type: 'CreateField',
      model: 'User',
      name: 'id',
      typeName: 'ID',
      isRequired: true,
      isList: false,
      unique: true,
      relation: null,
      default: null,
      enum: null,
    });
    expect(steps[3]).toMatchObject({ typeName: 'Relation', isList: true, relation: 'PostToUser' });
    expect(steps[4]).toMatchObject({ typeName: 'Enum', enum: 'Role' });
    expect(steps.at(-1)).toMatchObject({ leftModel: 'Post', rightModel: 'User' });
  });

  test('the same again is nothing to do', () => {
    expect(stepsOf(BLOG, BLOG)).toEqual([]);
    expect(stepsOf(BLOG, `# remark\n${BLOG}`)).toEqual([]);
  });

  test('what changes about a field, and nothing else, is told', () => {
    const to = 'type User { id: ID! @unique name: String! @unique @default(value: "x") }';
    expect(stepsOf(USER, to)).toEqual([
      {
        type: 'UpdateField',
        model: 'User',
        name: 'name',
        newName: null,
        typeName: null,
        isRequired: true,
        isList: null,
        unique: true,
        relation: null,
        default: 'x',
        enum: null,
      },
    ]);
  });

  test('a rename, and the directive left in afterwards', () => {
    const to =
      'type Person @rename(oldName: "User") { id: ID! @unique title: String @rename(oldName: "name") }';
    expect(stepsOf(USER, to)).toMatchObject([
      { type: 'UpdateModel', name: 'User', newName: 'Person' },
      { type: 'UpdateField', model: 'Person', name: 'name', newName: 'title' },
    ]);
    expect(stepsOf(to, to)).toEqual([]);
  });

  test('naming what was hidden', () => {
    const to = 'type User { id: ID! @unique name: String createdAt: DateTime! }';
    expect(stepsOf(USER, to)).toMatchObject([{ type: 'UpdateField', name: 'createdAt' }]);
    expect(sqlOf(USER, to)).toEqual([]);
  });

  test.each([
    ['another type', 'type User { id: ID! @unique name: Int }'],
    ['a list', 'type User { id: ID! @unique name: [String!]! }'],
  ])('%s is another field', (_, to) => {
    expect(stepsOf(USER, to).map(({ type }) => type)).toEqual(['DeleteField', 'CreateField']);
  });

  test('a relation goes with its type, before it', () => {
    expect(stepsOf(BLOG, USER).map(({ type, name }) => `${type} ${name}`)).toEqual([
      'DeleteRelation PostToUser',
      'DeleteField posts',
      'DeleteModel Post',
    ]);
  });

  test('a relation of another name is another relation', () => {
    const to = BLOG.replace('author: User!', 'author: User! @relation(name: "Blog")');
    expect(stepsOf(BLOG, to).map(({ type, name }) => `${type} ${name}`)).toEqual([
      'DeleteRelation PostToUser',
      'UpdateField posts',
      'UpdateField author',
      'CreateRelation Blog',
    ]);
  });

  test('enums', () => {
    const from = `${USER} enum E { A B } enum F { X }`;
    expect(stepsOf(from, `${USER} enum E { A C } enum G { Y }`)).toEqual([
      { type: 'DeleteEnum', name: 'F' },
      { type: 'CreateEnum', name: 'G', values: ['Y'] },
      { type: 'UpdateEnum', name: 'E', newName: null, values: ['A', 'C'] },
    ]);
  });
});

describe('statements', () => {
  test('of a first deployment', () => {
    expect(sqlOf('', BLOG)).toEqual([
      'create table "s"."User" (id text primary key, "createdAt" datetime not null, "updatedAt" datetime not null)',
      'alter table "s"."User" add column "name" string',
      'create table "s"."Post" (id text primary key, "createdAt" datetime not null, "updatedAt" datetime not null)',
      'create table "s"."_PostToUser" ("A" text not null references "s"."Post" (id) on delete cascade, "B" text not null references "s"."User" (id) on delete cascade, primary key ("A", "B"))',
      'create unique index INDEX on "s"."_PostToUser" ("A")',
      'create index INDEX on "s"."_PostToUser" ("B")',
    ]);
  });

  test('a required field with a default is filled before it is required', () => {
    const to = 'type User { id: ID! @unique name: String age: Int! @unique @default(value: 1) }';
    expect(sqlOf(USER, to)).toEqual([
      'alter table "s"."User" add column "age" int',
      'update "s"."User" set "age" = $1',
      'alter table "s"."User" alter column "age" set not null',
      'create unique index INDEX on "s"."User" ("age")',
    ]);
  });

  test('values for nodes that are there come from the migration, or from the times', () => {
    const to = `type User { id: ID! @unique name: String
      text: String! @default(value: "new") @migrationValue(value: "old") at: DateTime! @updatedAt }`;
    const statements = plan(USER, to).flatMap((change) => change.statements);
    const fills = statements.map((one) => one.compile(db)).filter(({ sql }) => /^update/.test(sql));
    expect(fills.map(({ sql, parameters }) => [sql, ...parameters])).toEqual([
      ['update "s"."User" set "text" = $1', 'old'],
      ['update "s"."User" set "at" = "updatedAt"'],
    ]);
  });

  test('a rename keeps the data, and indexes follow', () => {
    const from = 'type User { id: ID! @unique name: String! @unique }';
    const to =
      'type Person @rename(oldName: "User") { id: ID! @unique title: String @unique @rename(oldName: "name") }';
    expect(sqlOf(from, to)).toEqual([
      'alter table "s"."User" rename to "Person"',
      'alter index "s".INDEX rename to INDEX',
      'drop index "s".INDEX',
      'alter table "s"."Person" rename column "name" to "title"',
      'alter table "s"."Person" alter column "title" drop not null',
      'create unique index INDEX on "s"."Person" ("title")',
    ]);
  });

  test('one link or many is a matter of the index', () => {
    const to = BLOG.replace('author: User!', 'author: [User!]!');
    expect(sqlOf(BLOG, to)).toEqual([
      'drop index "s".INDEX',
      'create index INDEX on "s"."_PostToUser" ("A")',
    ]);
  });

  test('what is lost is told with the change that loses it', () => {
    const lost = plan(BLOG, 'type User { id: ID! @unique }').map(
      ({ step, loses }) => `${step.type}: ${loses?.compile(db).sql}`,
    );
    expect(lost).toEqual([
      'DeleteRelation: "s"."_PostToUser"',
      'DeleteField: "s"."User" where "name" is not null',
      'DeleteField: undefined',
      'DeleteModel: "s"."Post"',
    ]);
  });
});

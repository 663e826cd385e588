import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { describe, expect, test } from 'vitest';
import { serviceDatabase } from '../../../../../programs/dev-server/database/database.js';
import type { ManagementTables } from '../../../../../programs/dev-server/database/database-kind.js';
import { createMysqlKind } from '../../../../../programs/dev-server/database/mysql.js';
import { POSTGRES } from '../../../../../programs/dev-server/database/postgres.js';
import { parseDatamodel } from '../../../../../programs/dev-server/datamodel/parse-datamodel.js';
import { planMigration } from '../../../../../programs/dev-server/migration/plan-migration.js';

/** Compiles statements, and runs none. */
const compiler = (isMysql: boolean) =>
  new Kysely<ManagementTables>({
    dialect: {
      createAdapter: () => (isMysql ? new MysqlAdapter() : new PostgresAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: (source) => new PostgresIntrospector(source),
      createQueryCompiler: () => (isMysql ? new MysqlQueryCompiler() : new PostgresQueryCompiler()),
    },
  });
const postgres = { db: compiler(false), kind: POSTGRES, home: 'management' };
const mysql = { db: compiler(true), kind: createMysqlKind(() => undefined), home: 'prisma' };

const plan = (from: string, to: string, database: typeof postgres = postgres) => {
  const service = serviceDatabase(database, 's');
  return planMigration(parseDatamodel(from, 'B'), parseDatamodel(to, 'B'), service);
};
const stepsOf = (from: string, to: string) => plan(from, to).changes.map(({ step }) => step);
/** What is run, without index names, which are hashes. */
const sqlOf = (from: string, to: string, database: typeof postgres = postgres) =>
  plan(from, to, database)
    .changes.flatMap(({ alterations }) => alterations)
    .map(({ run }) =>
      run
        .compile(database.db)
        .sql.replace(/["`]ix_\w+["`]/g, 'INDEX')
        .trim(),
    );
/** What is looked for before anything is changed. */
const obstaclesOf = (from: string, to: string) =>
  plan(from, to).changes.flatMap(({ step, obstacles }) =>
    obstacles.map(({ rows }) => `${step.model}.${step.name}: ${rows.compile(postgres.db).sql}`),
  );

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
      relatedModel: null,
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
    expect(stepsOf(USER, USER.replace('String', 'String @default(value: "x")'))).toEqual([
      {
        type: 'UpdateField',
        model: 'User',
        name: 'name',
        newName: null,
        typeName: null,
        isRequired: null,
        isList: null,
        unique: null,
        relation: null,
        relatedModel: null,
        default: 'x',
        enum: null,
      },
    ]);
  });

  test('naming what was hidden', () => {
    const to = 'type User { id: ID! @unique name: String createdAt: DateTime! }';
    expect(stepsOf(USER, to)).toMatchObject([{ type: 'UpdateField', name: 'createdAt' }]);
    expect(sqlOf(USER, to)).toEqual([]);
  });

  test('enums', () => {
    expect(stepsOf(`${USER} enum E { A B }`, `${USER} enum E { C B A } enum G { Y }`)).toEqual([
      { type: 'UpdateEnum', name: 'E', newName: null, values: ['C', 'B', 'A'] },
      { type: 'CreateEnum', name: 'G', values: ['Y'] },
    ]);
  });
});

describe('statements', () => {
  test('of a first deployment', () => {
    const time = 'timestamp(3) with time zone not null';
    const columns = `(id text not null primary key, "createdAt" ${time}, "updatedAt" ${time})`;
    const reference = (side: string, type: string) =>
      `constraint INDEX foreign key ("${side}") references "s"."${type}" (id) on delete cascade`;
    expect(sqlOf('', BLOG)).toEqual([
      `create table "s"."User" ${columns}`,
      'alter table "s"."User" add column "name" text',
      `create table "s"."Post" ${columns}`,
      'create unique index INDEX on "s"."_PostToUser" ("A")',
      `create table "s"."_PostToUser" ("A" text not null, "B" text not null, primary key ("A", "B"), ${reference('A', 'Post')}, ${reference('B', 'User')})`,
      'create index INDEX on "s"."_PostToUser" ("B")',
    ]);
  });

  test('in a new type nothing has to be filled', () => {
    const to =
      'type User { id: ID! @unique age: Int! @unique @default(value: 1) tags: [String!]! }';
    expect(sqlOf('', to).slice(1)).toEqual([
      'alter table "s"."User" add column "age" integer not null',
      'create unique index INDEX on "s"."User" ("age")',
      'alter table "s"."User" add column "tags" json not null',
    ]);
  });

  test('a required field with a default is filled before it is required', () => {
    const to = 'type User { id: ID! @unique name: String age: Int! @unique @default(value: 1) }';
    expect(sqlOf(USER, to)).toEqual([
      'alter table "s"."User" add column "age" integer',
      'update "s"."User" set "age" = $1',
      'alter table "s"."User" alter column "age" set not null',
      'create unique index INDEX on "s"."User" ("age")',
    ]);
  });

  test('MySQL: unique are the first 191 letters of a text', () => {
    const to =
      'type User { id: ID! @unique name: String mail: String! @unique @default(value: "") }';
    const text = 'mediumtext character set utf8mb4 collate utf8mb4_unicode_ci';
    expect(sqlOf(USER, to, mysql)).toEqual([
      `alter table \`s\`.\`User\` add column \`mail\` ${text}`,
      'update `s`.`User` set `mail` = ?',
      `alter table \`s\`.\`User\` modify column \`mail\` ${text} not null`,
      'create unique index INDEX on `s`.`User` (`mail`(191))',
    ]);
  });

  test('MySQL: each one that changes something can be taken back without parameters', () => {
    const undone = (from: string, to: string) =>
      plan(from, to, mysql)
        .changes.flatMap(({ alterations }) => alterations)
        .flatMap(({ undo }) => (undo ? [undo.compile(mysql.db)] : []))
        .map(({ sql, parameters }) => [sql.replace(/`ix_\w+`/, 'INDEX'), ...parameters].join());
    // With a table goes what is in it.
    expect(undone('', BLOG)).toEqual([
      'drop table `s`.`User`',
      'drop table `s`.`Post`',
      'drop table `s`.`_PostToUser`',
    ]);
    const oneWay = BLOG.replace('author: User!', '');
    expect(undone(oneWay, BLOG.replace('name', 'age: Int! @default(value: 1) name'))).toEqual([
      'alter table `s`.`User` drop column `age`',
      'drop index INDEX on `s`.`_PostToUser`',
    ]);
  });
});

describe('obstacles', () => {
  test('none in new types, or where nothing is required', () => {
    expect(obstaclesOf('', BLOG)).toEqual([]);
    expect(obstaclesOf(USER, USER.replace('name', 'age: Int @unique name'))).toEqual([]);
  });

  test('values that are missing or equal', () => {
    const to = USER.replace('name', 'a: Int! b: Int! @unique @default(value: 1) name');
    expect(obstaclesOf(USER, to)).toEqual([
      'User.a: "s"."User"',
      'User.b: (select id from "s"."User" limit 1 offset 1) t',
    ]);
  });

  test('links that are missing, or too many', () => {
    const pets = `${USER} type Pet { id: ID! @unique owner: User! }`;
    const both = pets.replace('name', 'pet: Pet! name');
    expect(obstaclesOf(`${USER} type Pet { id: ID! @unique }`, pets)).toEqual([
      'Pet.owner: "s"."Pet"',
    ]);
    expect(obstaclesOf(pets, both)).toEqual([
      'User.pet: (select "B" from "s"."_PetToUser" group by "B" having count(*) > 1) t',
      'User.pet: "s"."User" t\n    where not exists (select 1 from "s"."_PetToUser" l where l."B" = t.id)',
    ]);
  });
});

describe('what is no addition is refused, all of it at once', () => {
  const ADVICE =
    ' This server only adds. Keep the old form, or start anew: `prisma delete`, then `prisma deploy`.';
  const ENUM = `${USER} enum E { A B }`;

  test.each([
    ['a type', BLOG, USER, ['Post: ', 'PostToUser: ', 'User.posts: '], 'It would be dropped.'],
    ['a field', USER, 'type User { id: ID! @unique }', ['User.name: '], 'It would be dropped.'],
    ['an enum', ENUM, USER, ['E: '], 'It would be dropped.'],
    ['a value', ENUM, ENUM.replace('A B', 'B C'), ['E: '], 'It would lose A.'],
    [
      'a type of a field',
      USER,
      USER.replace('String', 'Int! @unique'),
      ['User.name: '],
      'It would change from String to Int! @unique.',
    ],
    [
      'one or many',
      BLOG,
      BLOG.replace('author: User!', 'author: [User!]!'),
      ['Post.author: '],
      'It would change from User! (end A of PostToUser) to [User!]! (end A of PostToUser).',
    ],
  ])('%s', (_, from, to, places, text) => {
    const problems = plan(from, to).problems.map(({ type, field, description }) => {
      return [`${type}${field ? `.${field}` : ''}: `, description.replace(/^`\w+`: /, '')];
    });
    expect(problems).toEqual(places.map((place) => [place, text + ADVICE]));
  });

  test('fields that differ in case alone, on MySQL', () => {
    const to = USER.replace('name', 'userName: Int username: Int name');
    expect(plan('', to).problems).toEqual([]);
    expect(plan('', to, mysql).problems).toMatchObject([{ type: 'User', field: 'username' }]);
  });

  test('a renamed type or field is one that is gone', () => {
    const to =
      'type Person @rename(oldName: "User") { id: ID! @unique title: String @rename(oldName: "name") }';
    expect(plan(USER, to).problems).toMatchObject([{ type: 'User' }]);
  });

  test('a relation to itself whose ends would change places', () => {
    const one = 'type Node { id: ID! @unique parent: Node }';
    const both = one.replace('parent', 'children: [Node!]! parent');
    expect(plan(one, both).problems).toMatchObject([{ type: 'Node', field: 'parent' }]);
  });

  test('a relation of another name', () => {
    const to = BLOG.replace('author: User!', 'author: User! @relation(name: "Blog")');
    expect(plan(BLOG, to).problems.map(({ type, field }) => [type, field])).toEqual([
      ['PostToUser', null],
      ['User', 'posts'],
      ['Post', 'author'],
    ]);
  });
});

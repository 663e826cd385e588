import { type Kysely, type RawBuilder, sql } from 'kysely';
import { hashOf, identifier } from '../../../lib/database-identifier.js';
import type { Database, DatabaseKind } from './database-kind.js';

/** Runs `work` in a transaction; `database` may already be one. */
export const inTransaction = <T>(
  database: Database,
  work: (inside: Database) => Promise<T>,
): Promise<T> =>
  database.db.isTransaction
    ? work(database)
    : database.db.transaction().execute((db) => work({ ...database, db }));

/** The tables of one service: their names and columns come from its datamodel. */
export interface ServiceDatabase {
  readonly db: Kysely<Record<string, Record<string, unknown>>>;
  readonly kind: DatabaseKind;
  /** A table with its schema, for queries in SQL. */
  table(name: string): RawBuilder<unknown>;
}

/** The tables of the service in the schema `namespace`. */
export const serviceDatabase = ({ db, kind }: Database, namespace: string): ServiceDatabase => ({
  db: db.withSchema(namespace) as unknown as ServiceDatabase['db'],
  kind,
  table: (name) => sql.id(namespace, identifier(name)),
});

/** The table that links the nodes of a relation, with the columns `A` and `B`. */
export const linkTable = (relation: string): string => identifier(`_${relation}`);

/** An index name that fits the 63 bytes of an identifier, for names of any length. */
export const indexName = (table: string, column: string): string =>
  `ix_${hashOf(`${table}.${column}`)}`;

/** The schema of a service: its separator keeps it apart from other schemas of the database. */
export const namespaceOf = ({ kind }: Database, service: string, stage: string): string =>
  identifier(`${service}${kind.separator}${stage}`);

/** Creates a schema unless it exists. */
export async function createSchema({ db, kind }: Database, name: string): Promise<void> {
  await sql`create schema if not exists ${sql.id(name)} ${kind.tableOptions}`.execute(db);
}

/** Creates the server's missing tables, and completes interrupted work. */
export async function prepareDatabase(database: Database): Promise<void> {
  const { db, kind, home } = database;
  const { tableOptions } = kind;
  const table = (name: string) => sql.id(home, name);
  const column = (name: string, type: string) =>
    sql`${sql.id(name)} ${kind.columnType(type)} not null`;
  const columns = (names: readonly string[], type: string) =>
    sql.join(names.map((name) => column(name, type)));
  await createSchema(database, home);
  await sql`create table if not exists ${table('project')} (
    ${column('id', 'Key')} primary key, ${columns(['name', 'stage'], 'String')},
    ${column('secrets', 'Json')}) ${tableOptions}`.execute(db);
  await sql`create table if not exists ${table('migration')} (
    ${column('projectId', 'Key')}, ${column('revision', 'Int')}, ${column('datamodel', 'String')},
    ${column('steps', 'Json')}, ${columns(['startedAt', 'finishedAt'], 'DateTime')},
    primary key (${sql.join(['projectId', 'revision'].map((name) => sql.id(name)))}),
    foreign key (${sql.id('projectId')}) references ${table('project')} (id) on delete cascade)
    ${tableOptions}`.execute(db);
  await kind.recover(database);
}

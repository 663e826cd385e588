import { createHash } from 'node:crypto';
import { type ColumnType, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Step } from '../migration/plan-migration.js';

/** The server's own tables, in the schema `management`. */
export interface ManagementTables {
  project: { id: string; name: string; stage: string; secrets: Json<readonly string[]> };
  migration: {
    projectId: string;
    revision: number;
    datamodel: string;
    steps: Json<readonly Step[]>;
    startedAt: Date;
    finishedAt: Date;
  };
}
type Json<T> = ColumnType<T, string, string>;

/** An open database, or a transaction in it. */
export type Database = Kysely<ManagementTables>;

/** The tables of one service: their names and columns come from its datamodel. */
export interface ServiceDatabase {
  readonly db: Kysely<Record<string, Record<string, unknown>>>;
  /** A table with its schema, for queries that are written out. */
  table(name: string): RawBuilder<unknown>;
}

/** `db`, seen as the tables of the service that lives in the schema `namespace`. */
export const serviceDatabase = (db: Database, namespace: string): ServiceDatabase => ({
  db: db.withSchema(namespace) as unknown as ServiceDatabase['db'],
  table: (name) => sql.id(namespace, name),
});

/** The table that links the nodes of a relation, with the columns `A` and `B`. */
export const linkTable = (relation: string): string => `_${relation}`;

/** An index name that fits the 63 bytes of a PostgreSQL identifier, whatever it is made from. */
export const indexName = (table: string, column: string): string =>
  `ix_${createHash('sha256').update(`${table}.${column}`).digest('hex').slice(0, 24)}`;

/** The database schema of a service: unlike every name of PostgreSQL's own, it has a `$`. */
export const namespaceOf = (service: string, stage: string): string => `${service}$${stage}`;

const MANAGEMENT = [
  'create schema if not exists management',
  `create table if not exists management.project (
    id text primary key, name text not null, stage text not null, secrets json not null)`,
  `create table if not exists management.migration (
    "projectId" text not null references management.project (id) on delete cascade,
    revision integer not null, datamodel text not null, steps json not null,
    "startedAt" timestamp(3) with time zone not null,
    "finishedAt" timestamp(3) with time zone not null,
    primary key ("projectId", revision))`,
];

/** Makes the management tables where they are missing. */
export async function prepareDatabase(db: Database): Promise<void> {
  for (const statement of MANAGEMENT) await sql.raw(statement).execute(db);
}

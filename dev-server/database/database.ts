import { type Kysely, type RawBuilder, sql } from 'kysely';

/** The server's own tables, in the schema `management`. */
export interface ManagementTables {
  project: { id: string; name: string; stage: string; secrets: string };
  migration: {
    project_id: string;
    revision: number;
    datamodel: string;
    steps: string;
    started_at: Date;
    finished_at: Date;
  };
}

export type ManagementDatabase = Kysely<ManagementTables>;

/** The tables of one service: their names and columns come from its datamodel. */
export interface ServiceDatabase {
  /** Queries through the builder. */
  readonly db: Kysely<Record<string, Record<string, unknown>>>;
  /** A table, or index, with its schema, for queries that are written out. */
  table(name: string): RawBuilder<unknown>;
}

/** Which rule of the database a value broke, and where. */
export interface Violation {
  readonly kind: 'unique' | 'null';
  readonly table: string;
  readonly column: string;
}

/** What differs from one kind of database to another. */
export interface Dialect {
  /** The column type for a scalar or enum, or for a list of them. */
  columnType(type: string, isList: boolean): RawBuilder<unknown>;
  /** The end of a condition: equal to one of `ids`, however many these are. */
  among(ids: readonly string[]): RawBuilder<unknown>;
  /** `undefined` when `error` is something else. */
  violation(error: unknown): Violation | undefined;
}

/** An open database, with what is particular to its kind. */
export interface Database {
  readonly db: ManagementDatabase;
  readonly dialect: Dialect;
}

/** `db`, seen as the tables of the service that lives in the schema `namespace`. */
export const serviceDatabase = (db: ManagementDatabase, namespace: string): ServiceDatabase => ({
  db: db.withSchema(namespace) as unknown as ServiceDatabase['db'],
  table: (name) => sql.id(namespace, name),
});

/** Makes the management tables where they are missing. */
export async function prepareDatabase(db: ManagementDatabase): Promise<void> {
  await db.schema.createSchema('management').ifNotExists().execute();
  const schema = db.withSchema('management').schema;
  await schema
    .createTable('project')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('migration')
    .ifNotExists()
    .addColumn('project_id', 'text', (column) =>
      column.notNull().references('management.project.id').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('datamodel', 'text', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('started_at', sql`timestamp(3) with time zone`, (column) => column.notNull())
    .addColumn('finished_at', sql`timestamp(3) with time zone`, (column) => column.notNull())
    .addPrimaryKeyConstraint('migration_key', ['project_id', 'revision'])
    .execute();
}

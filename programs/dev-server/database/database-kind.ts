import type { InsertQueryBuilder, InsertResult, Kysely, RawBuilder } from 'kysely';

/** The server's own tables. What is JSON is kept as text. */
export interface ManagementTables {
  project: { id: string; name: string; stage: string; secrets: string };
  migration: {
    projectId: string;
    revision: number;
    datamodel: string;
    steps: string;
    startedAt: Date;
    finishedAt: Date;
  };
}

/** An open database, or a transaction in it. */
export interface Database {
  readonly db: Kysely<ManagementTables>;
  readonly kind: DatabaseKind;
  /** The schema of the server's own tables. */
  readonly home: string;
}

/** A statement that changes tables, and the one that takes it back. */
export interface Alteration {
  readonly run: RawBuilder<unknown>;
  /** Without parameters. Nothing where undoing what came before is enough. */
  readonly undo?: RawBuilder<unknown>;
}

/** Which columns there are: scalars, and what the tables need besides. */
export type ColumnKind =
  | ('Key' | 'String' | 'ID' | 'Enum' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'Json')
  | (string & {});

/** All that differs between the databases that the server can work on. */
export interface DatabaseKind {
  /** What configurations call it, and what `serverInfo` tells. */
  readonly connector: 'postgres' | 'mysql';
  /** Between service and stage in the name of the schema that holds the data. */
  readonly separator: '$' | '@';
  /** Where nulls go when rows are sorted upwards. */
  readonly nulls: 'first' | 'last';
  /** Whether columns `userName` and `username` are one. */
  readonly foldsColumns: boolean;
  /** What follows the columns of a new table, and the name of a new schema. */
  readonly tableOptions: RawBuilder<unknown>;

  /** The type of a column that may be null. */
  columnType(type: ColumnKind): RawBuilder<unknown>;
  /** The column as an index names it. */
  indexed(column: string, type: ColumnKind): RawBuilder<unknown>;
  /** The end of an `alter table` that forbids null. */
  requireValue(column: string, type: ColumnKind): RawBuilder<unknown>;
  /** The end of a condition: equal to one of `ids`. */
  among(ids: readonly string[]): RawBuilder<unknown>;
  /** Drops a schema with all that is in it. */
  dropSchema(name: string): RawBuilder<unknown>;

  /** The unique index that a value offended; `undefined` for any other error. */
  offendedIndex(error: unknown): string | undefined;
  /** Inserts a row unless its key is there. */
  insertOnce<DB, TB extends keyof DB>(
    query: InsertQueryBuilder<DB, TB, InsertResult>,
  ): Promise<void>;
  /**
   * Does `work` while nobody else, on any server, works alone on the project `id`. When it throws,
   * everything that it did with `alter` is undone.
   */
  alone<T>(database: Database, id: string, work: (inside: Database) => Promise<T>): Promise<T>;
  /** Changes tables on the way to `revision`, inside of {@link DatabaseKind.alone}. */
  alter(inside: Database, id: string, revision: number, alteration: Alteration): Promise<void>;
  /** Finishes what a server left half done that died. */
  recover(database: Database): Promise<void>;
}

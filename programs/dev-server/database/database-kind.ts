import type { InsertQueryBuilder, InsertResult, Kysely, RawBuilder } from 'kysely';

/** The server's own tables. JSON columns are stored as text. */
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
  /** Schema with the server's own tables. */
  readonly home: string;
}

/** A statement that changes tables, and one that undoes it. */
export interface Alteration {
  readonly run: RawBuilder<unknown>;
  /** Without parameters. Absent when undoing the earlier statements is enough. */
  readonly undo?: RawBuilder<unknown>;
}

/** Kinds of columns: scalars, and others that the tables need. */
export type ColumnKind =
  | ('Key' | 'String' | 'ID' | 'Enum' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'Json')
  | (string & {});

/** The differences between the databases that the server supports. */
export interface DatabaseKind {
  /** Name in configurations and in `serverInfo`. */
  readonly connector: 'postgres' | 'mysql';
  /** Separates service and stage in the name of the schema with the data. */
  readonly separator: '$' | '@';
  /** Position of nulls in ascending order. */
  readonly nulls: 'first' | 'last';
  /** Whether column names that differ only in case are the same column. */
  readonly foldsColumns: boolean;
  /** Options of new tables and schemas. */
  readonly tableOptions: RawBuilder<unknown>;

  /** The type of a nullable column. */
  columnType(type: ColumnKind): RawBuilder<unknown>;
  /** A column in the definition of an index. */
  indexed(column: string, type: ColumnKind): RawBuilder<unknown>;
  /** The end of an `alter table` that forbids null. */
  requireValue(column: string, type: ColumnKind): RawBuilder<unknown>;
  /** The end of a condition: equal to one of `values`. */
  among(values: readonly unknown[]): RawBuilder<unknown>;
  /** Drops a schema with all its tables. */
  dropSchema(name: string): RawBuilder<unknown>;

  /** What a client reads of an error that its request, its data or the database's state has caused. */
  reasonFor(error: unknown): string | undefined;
  /** The unique index that an error names; `undefined` for any other error. */
  offendedIndex(error: unknown): string | undefined;
  /** Inserts a row unless its key exists. */
  insertOnce<DB, TB extends keyof DB>(
    query: InsertQueryBuilder<DB, TB, InsertResult>,
  ): Promise<void>;
  /**
   * Runs `work` while no other server runs any for the project `id`. When it throws, everything
   * that it did with `alter` is undone.
   */
  exclusively<T>(
    database: Database,
    id: string,
    work: (inside: Database) => Promise<T>,
  ): Promise<T>;
  /** Changes tables on the way to `revision`, inside of {@link DatabaseKind.exclusively}. */
  alter(inside: Database, id: string, revision: number, alteration: Alteration): Promise<void>;
  /** Completes the work of a server that died in the middle. */
  recover(database: Database): Promise<void>;
}

import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type Log, reasonOf } from '../log.js';
import type { DatabaseSettings } from '../settings/read-settings.js';
import type { Database, Dialect, ManagementTables, Violation } from './database.js';

/** Statements that run longer are ended by the database. */
const STATEMENT_TIMEOUT_MS = 30_000;

const COLUMN_TYPES: Record<string, string> = {
  Int: 'integer',
  Float: 'double precision',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) with time zone',
  Json: 'json',
};

const VIOLATIONS: Record<string, Violation['kind']> = { '23502': 'null', '23505': 'unique' };

const dialect: Dialect = {
  columnType: (type, isList) => sql.raw(isList ? 'json' : (COLUMN_TYPES[type] ?? 'text')),
  // One parameter for all: there can be 65,535 at most.
  among: (ids) => sql`= any(${ids})`,
  violation(error) {
    const kind = error instanceof pg.DatabaseError ? VIOLATIONS[error.code ?? ''] : undefined;
    if (!(error instanceof pg.DatabaseError) || kind === undefined) return undefined;
    const key = /^Key \("?([^")]+)"?\)=/.exec(error.detail ?? '')?.[1];
    return { kind, table: error.table ?? '', column: error.column ?? key ?? '' };
  },
};

/** A pool of connections; none is opened before the first query. */
export function openPostgres(settings: DatabaseSettings, log: Log): Database {
  const pool = new pg.Pool({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    password: settings.password?.reveal(),
    database: settings.database,
    max: settings.connectionLimit,
    ssl: settings.ssl,
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'clusterkit-dev-server',
  });
  // An idle connection that breaks would otherwise end the process; the next query opens a new one.
  pool.on('error', (error) => log(`database connection lost: ${reasonOf(error)}`));
  return { db: new Kysely<ManagementTables>({ dialect: new PostgresDialect({ pool }) }), dialect };
}

import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { type Log, reasonOf } from '../log.js';
import type { DatabaseSettings } from '../settings/read-settings.js';
import type { Database, ManagementTables } from './database.js';

/** Statements that run longer are ended by the database. */
const STATEMENT_TIMEOUT_MS = 30_000;

const COLUMN_TYPES: Record<string, string> = {
  Int: 'integer',
  Float: 'double precision',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) with time zone',
  Json: 'json',
};

/** The column for a scalar or enum, or for a list of them, which is never null. */
export const columnType = (type: string, isList: boolean): RawBuilder<unknown> =>
  sql.raw(isList ? "json not null default '[]'" : (COLUMN_TYPES[type] ?? 'text'));

/** The end of a condition: equal to one of `ids`. One parameter, as there can be 65,535 at most. */
export const among = (ids: readonly string[]): RawBuilder<unknown> => sql`= any(${ids})`;

/** Which rule of the database a value broke, and where; `undefined` for any other error. */
export function violationOf(error: unknown) {
  if (!(error instanceof pg.DatabaseError)) return undefined;
  const { code, table = '', detail = '' } = error;
  if (code !== '23502' && code !== '23505') return undefined;
  const column = error.column ?? /^Key \("?([^")]+)"?\)=/.exec(detail)?.[1] ?? '';
  return { kind: code === '23505' ? 'unique' : 'null', table, column } as const;
}

/** A pool of connections; none is opened before the first query. */
export function openPostgres(settings: DatabaseSettings, log: Log): Database {
  const { host, port, user, database, ssl } = settings;
  const pool = new pg.Pool({
    ...{ host, port, user, database, ssl, password: settings.password?.reveal() },
    max: settings.connectionLimit,
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'clusterkit-dev-server',
  });
  // An idle connection that breaks would otherwise end the process; the next query opens a new one.
  pool.on('error', (error) => log(`database connection lost: ${reasonOf(error)}`));
  return new Kysely<ManagementTables>({ dialect: new PostgresDialect({ pool }) });
}

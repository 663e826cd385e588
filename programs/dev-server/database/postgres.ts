import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type Log, reasonOf } from '../../log.js';
import type { DatabaseSettings } from '../settings/settings-schema.js';
import type { Database, DatabaseKind, ManagementTables } from './database-kind.js';
import { queued } from './queued-pool.js';
import { isAway, REASONS } from './reasons.js';

/** The database ends statements that run longer. */
const STATEMENT_TIMEOUT_MS = 30_000;

const COLUMN_TYPES: Record<string, string> = {
  Int: 'integer',
  Float: 'double precision',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) with time zone',
  Json: 'json',
};

/** Beginnings of SQLSTATE codes. */
const KINDS: readonly [string, keyof typeof REASONS][] = [
  ['22', 'value'],
  ['23', 'value'],
  ['54', 'size'],
  ['08P01', 'size'],
  ['57014', 'time'],
  ['40', 'conflict'],
  ['55P03', 'conflict'],
  ['08', 'away'],
  ['53', 'away'],
  ['57', 'away'],
];

/** PostgreSQL: each service has its own schema, and changes of tables are part of transactions. */
export const POSTGRES: DatabaseKind = {
  connector: 'postgres',
  separator: '$',
  nulls: 'last',
  foldsColumns: false,
  tableOptions: sql``,

  columnType: (type) => sql.raw(COLUMN_TYPES[type] ?? 'text'),
  indexed: (column) => sql.id(column),
  requireValue: (column) => sql`alter column ${sql.id(column)} set not null`,
  // One parameter: a statement can have 65,535 at most.
  among: (values) => sql`= any(${values})`,
  dropSchema: (name) => sql`drop schema if exists ${sql.id(name)} cascade`,

  reasonFor(error) {
    if (isAway(error)) return REASONS.away;
    if (!(error instanceof pg.DatabaseError)) return undefined;
    const [, kind] = KINDS.find(([code]) => error.code?.startsWith(code)) ?? [];
    if (kind === undefined) return undefined;
    return kind === 'value' || kind === 'size'
      ? `${REASONS[kind]}: ${error.message}.`
      : `${REASONS[kind]}.`;
  },
  offendedIndex: (error) =>
    error instanceof pg.DatabaseError && error.code === '23505' ? error.constraint : undefined,
  async insertOnce(query) {
    await query.onConflict((conflict) => conflict.doNothing()).execute();
  },
  exclusively: (database, id, work) =>
    database.db.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(hashtext(${id}))`.execute(db);
      return work({ ...database, db });
    }),
  async alter({ db }, _id, _revision, { run }) {
    await run.execute(db);
  },
  recover: async () => {},
};

/** A pool of connections; opens none before the first query. */
export function openPostgres(settings: DatabaseSettings, log: Log): Database {
  const { host, port, user, database, ssl } = settings;
  const pool = new pg.Pool({
    ...{ host, port, user, database, ssl, password: settings.password?.reveal() },
    max: settings.connectionLimit,
    connectionTimeoutMillis: 5_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'clusterkit-dev-server',
    // JSON stays text in both directions.
    types: {
      getTypeParser: (type, format) =>
        type === pg.types.builtins.JSON ? String : pg.types.getTypeParser(type, format),
    },
  });
  // An idle connection that breaks would otherwise end the process; the next query opens a new one.
  pool.on('error', (error) => log(`database connection lost: ${reasonOf(error)}`));
  const db = new Kysely<ManagementTables>({
    dialect: new PostgresDialect({ pool: queued(pool, settings.connectionLimit) }),
  });
  return { db, kind: POSTGRES, home: 'management' };
}

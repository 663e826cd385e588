import { CompiledQuery, Kysely, MysqlDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import type { Log } from '../../log.js';
import type { DatabaseSettings } from '../settings/settings-schema.js';
import type { Database, DatabaseKind, ManagementTables } from './database-kind.js';
import { createJournal } from './mysql-journal.js';
import { isAway, REASONS } from './reasons.js';

/** As in upstream: comparisons of text ignore case and accents, those of ids do not. */
const TEXT = 'character set utf8mb4 collate utf8mb4_unicode_ci';

const COLUMN_TYPES: Record<string, string> = {
  Key: 'varchar(64) character set utf8mb4 collate utf8mb4_bin',
  Enum: `varchar(191) ${TEXT}`,
  Int: 'int',
  Float: 'double',
  Boolean: 'boolean',
  DateTime: 'datetime(3)',
};

/** `mediumtext` cannot be indexed as a whole: only the first 191 letters are unique. */
const INDEXED_LETTERS = 191;

/**
 * Settings of every connection. MariaDB ends all statements after 30 s, MySQL only reads; both
 * limit waits for locks.
 */
const SESSION = `set sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION',
  lock_wait_timeout = 30, innodb_lock_wait_timeout = 30
  /*M!100100 , max_statement_time = 30 */ /*!50708 , max_execution_time = 30000 */`;
const ISOLATION = 'set session transaction isolation level read committed';

const KINDS: readonly [keyof typeof REASONS, readonly number[]][] = [
  // Out of range, wrong date, wrong letters, too long, not null, foreign keys.
  ['value', [1048, 1062, 1264, 1265, 1267, 1292, 1366, 1406, 1411, 1451, 1452, 1690, 3854]],
  // Packet, row, key, stack, placeholders, tables in a join, columns.
  ['size', [1059, 1061, 1071, 1074, 1116, 1117, 1118, 1119, 1153, 1390, 1436, 1473, 1713]],
  ['time', [1317, 1969, 3024]],
  ['conflict', [1205, 1213, 1020]],
  ['away', [1040, 1053, 1077, 1079, 1203, 1226]],
];

const columnType = (type: string) => sql.raw(COLUMN_TYPES[type] ?? `mediumtext ${TEXT}`);
const numberOf = (error: unknown) => (error as { errno?: unknown } | null)?.errno;

/** MySQL from 5.7, and MariaDB: each service has its own database. */
export const createMysqlKind = (log: Log): DatabaseKind => ({
  connector: 'mysql',
  separator: '@',
  nulls: 'first',
  foldsColumns: true,
  tableOptions: sql.raw(`default ${TEXT}`),

  columnType,
  indexed: (column, type) =>
    type in COLUMN_TYPES ? sql.id(column) : sql`${sql.id(column)}(${sql.lit(INDEXED_LETTERS)})`,
  requireValue: (column, type) => sql`modify column ${sql.id(column)} ${columnType(type)} not null`,
  among: (values) => (values.length === 0 ? sql`in (null)` : sql`in (${sql.join(values)})`),
  dropSchema: (name) => sql`drop schema if exists ${sql.id(name)}`,

  reasonFor(error) {
    if (isAway(error)) return REASONS.away;
    const [kind] = KINDS.find(([, numbers]) => numbers.includes(Number(numberOf(error)))) ?? [];
    if (kind === undefined) return undefined;
    return kind === 'value' || kind === 'size'
      ? `${REASONS[kind]}: ${(error as Error).message}.`
      : `${REASONS[kind]}.`;
  },
  offendedIndex: (error) =>
    numberOf(error) === 1062
      ? /'(?:[^'.]*\.)?([^'.]*)'$/.exec((error as Error).message)?.[1]
      : undefined,
  async insertOnce(query) {
    await query.execute().catch((error: unknown) => {
      if (numberOf(error) !== 1062) throw error;
    });
  },
  ...createJournal(log),
});

/** A pool of connections; opens none before the first query. */
export function openMysql(settings: DatabaseSettings, log: Log): Database {
  const { host, port, user, password, database, connectionLimit, ssl } = settings;
  const pool = createPool({
    ...{ host, port, user, connectionLimit },
    ...(password && { password: password.reveal() }),
    ...(ssl && { ssl: { rejectUnauthorized: true, verifyIdentity: true } }),
    charset: 'utf8mb4_unicode_ci',
    // Times are UTC in both directions, whatever the zones of the machines.
    timezone: 'Z',
    stringifyObjects: true,
    connectTimeout: 5_000,
  });
  const dialect = new MysqlDialect({
    pool,
    async onCreateConnection(connection) {
      for (const text of [SESSION, ISOLATION]) {
        await connection.executeQuery(CompiledQuery.raw(text));
      }
    },
  });
  return {
    db: new Kysely<ManagementTables>({ dialect }),
    kind: createMysqlKind(log),
    home: database,
  };
}

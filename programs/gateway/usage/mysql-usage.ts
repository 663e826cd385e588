import { escapeId, type RowDataPacket } from 'mysql2';
import { createPool, type Pool } from 'mysql2/promise';
import type { MeasuredDatabase } from '../settings.js';
import {
  deployedService,
  MEASURE_TIMEOUT_MS,
  PROJECT_TABLES,
  serviceOf,
  type UsageSource,
} from './usage-source.js';

const NAMES = `select table_name as name from information_schema.tables
  where table_schema = ? and table_type = 'BASE TABLE'`;
const SERVICES = `select schema_name as name from information_schema.schemata
  where schema_name like '%@%' order by 1 limit ?`;
/** Databases of a server's own tables: the configured one, and that of servers up to 1.6. */
const HOME_TABLES = `select table_schema as home, table_name as name from information_schema.tables
  where table_schema in (?, 'graphcool') and table_name in (?, ?)`;
const COLUMNS = `select table_name as name, column_name as label
  from information_schema.columns where table_schema = ?`;

/**
 * Queries for the room of a schema: the sizes of its files, under the names of MySQL 8 and of
 * others, which need the right PROCESS; else statistics, which are some seconds old.
 */
const ROOMS = [
  'select sum(file_size) as room from information_schema.innodb_tablespaces where name like ?',
  'select sum(file_size) as room from information_schema.innodb_sys_tablespaces where name like ?',
  `select sum(data_length + index_length) as room from information_schema.tables
     where concat(table_schema, '/') = ?`,
] as const;

/** MySQL 8 keeps statistics for a day by default; others lack this variable. */
const SESSION = 'set @gateway = 1 /*!80000 , session information_schema_stats_expiry = 0 */';
/** Size of a row besides its values, with its index entry. */
const ROW_BYTES = 60;

/** Services of upstream and of the bundled server are in the database `<service>@<stage>`. */
export function openMysqlUsage(settings: MeasuredDatabase): UsageSource {
  const { host, port, user, password, ssl, database } = settings;
  const pool = createPool({
    ...{ host, port, user, connectionLimit: 2, connectTimeout: MEASURE_TIMEOUT_MS },
    ...(password && { password: password.reveal() }),
    ...(ssl && { ssl: { rejectUnauthorized: true, verifyIdentity: true } }),
    charset: 'utf8mb4_unicode_ci',
  });
  // Without a listener, its error would appear at the first measurement.
  pool.pool.on('connection', (connection) => connection.query(SESSION, () => {}));
  return {
    async of({ service, stage }, exactFromBytes) {
      const schema = `${service}@${stage}`;
      const room = await roomOf(pool, schema);
      if (room < exactFromBytes) return { bytes: room, rows: 0, isExact: false };
      const columns = await ask(pool, COLUMNS, [schema]);
      const whole = { bytes: 0, rows: 0, isExact: true };
      for (const { name } of await ask(pool, NAMES, [schema])) {
        const labels = columns.filter((column) => column.name === name).map(({ label }) => label);
        const live = await liveBytes(pool, schema, name, labels);
        whole.bytes += live.bytes;
        whole.rows = Math.max(whole.rows, live.rows);
      }
      return whole;
    },
    async services(most) {
      const rows = await ask(pool, SERVICES, [most]);
      return rows.flatMap(({ name }) => serviceOf(String(name), '@') ?? []);
    },
    async deployed(most) {
      const tables = await ask(pool, HOME_TABLES, [database, ...PROJECT_TABLES]);
      if (tables.length === 0) throw new Error(`no table of services in the database ${database}`);
      const found = [];
      for (const { home, name } of tables) {
        const table = `${escapeId(home, true)}.${escapeId(name, true)}`;
        const rows = await ask(pool, `select id, secrets from ${table} limit ?`, [most]);
        found.push(...rows.flatMap(({ id, secrets }) => deployedService({ id, secrets }, '@')));
      }
      return found;
    },
    close: () => pool.end(),
  };
}

async function roomOf(pool: Pool, schema: string): Promise<number> {
  const [newer, older, statistics] = ROOMS;
  const pattern = `${fileNameOf(schema).replace(/[_%]/g, '\\$&')}/%`;
  const [row] = await ask(pool, newer, [pattern])
    .catch(() => ask(pool, older, [pattern]))
    .catch(() => ask(pool, statistics, [`${schema}/`]));
  return Number(row?.room ?? 0);
}

/** File names consist of letters, digits and `_`; other characters become `@` and four digits. */
const fileNameOf = (schema: string): string =>
  schema.replace(
    /[^A-Za-z0-9_]/g,
    (letter) => `@${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

async function liveBytes(pool: Pool, schema: string, table: string, labels: readonly string[]) {
  const values = labels.map((label) => `coalesce(length(${escapeId(label, true)}), 0)`);
  const sum = [ROW_BYTES, ...values].join(' + ');
  const place = `${escapeId(schema, true)}.${escapeId(table, true)}`;
  const [row] = await ask(
    pool,
    `select sum(${sum}) as bytes, count(*) as amount from ${place}`,
    [],
  );
  return { bytes: Number(row?.bytes ?? 0), rows: Number(row?.amount ?? 0) };
}

async function ask(
  pool: Pool,
  sql: string,
  values: readonly (string | number)[],
): Promise<RowDataPacket[]> {
  const [rows] = await pool.query<RowDataPacket[]>({ sql, timeout: MEASURE_TIMEOUT_MS }, [
    ...values,
  ]);
  return rows;
}

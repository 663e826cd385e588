import { escapeId, type RowDataPacket } from 'mysql2';
import { createPool, type Pool } from 'mysql2/promise';
import type { MeasuredDatabase } from '../settings.js';
import { MEASURE_TIMEOUT_MS, serviceOf, type UsageSource } from './usage-source.js';

const NAMES = `select table_name as name from information_schema.tables
  where table_schema = ? and table_type = 'BASE TABLE'`;
const SERVICES = `select schema_name as name from information_schema.schemata
  where schema_name like '%@%' order by 1 limit ?`;
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
  const { host, port, user, password, ssl } = settings;
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
      if (room < exactFromBytes) return { bytes: room, isExact: false };
      const columns = await ask(pool, COLUMNS, [schema]);
      let bytes = 0;
      for (const { name } of await ask(pool, NAMES, [schema])) {
        const labels = columns.filter((column) => column.name === name).map(({ label }) => label);
        bytes += await liveBytes(pool, schema, name, labels);
      }
      return { bytes, isExact: true };
    },
    async services(most) {
      const rows = await ask(pool, SERVICES, [most]);
      return rows.flatMap(({ name }) => serviceOf(String(name), '@') ?? []);
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
  const [row] = await ask(pool, `select sum(${sum}) as bytes from ${place}`, []);
  return Number(row?.bytes ?? 0);
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

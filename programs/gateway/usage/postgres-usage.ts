import pg from 'pg';
import { type Log, reasonOf } from '../../log.js';
import type { MeasuredDatabase } from '../settings.js';
import {
  deployedService,
  MEASURE_TIMEOUT_MS,
  PROJECT_TABLES,
  type ProjectRow,
  serviceOf,
  type UsageSource,
} from './usage-source.js';

/** Each table with its room on the disk, including indexes and long values. */
const TABLES = `select c.relname as name, pg_total_relation_size(c.oid)::text as room,
    array(select attname::text from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'm')`;

const SERVICES = `select nspname as name from pg_namespace
  where nspname like '%$%' order by 1 limit $1`;

/** The schema of a server's own tables. */
const HOME = 'management';
const HOME_TABLES = `select table_name as name from information_schema.tables
  where table_schema = $1 and table_name = any($2)`;

/** Size of a row besides its values: its header, its pointer, and its entry in the index of ids. */
const ROW_BYTES = 60;

interface Table {
  readonly name: string;
  readonly room: string;
  readonly columns: readonly string[];
}

/** Services of upstream and of the bundled server are in the schema `<service>$<stage>`. */
export function openPostgresUsage(settings: MeasuredDatabase, log: Log): UsageSource {
  const { host, port, user, database, ssl, password } = settings;
  const pool = new pg.Pool({
    ...{ host, port, user, database, ssl, password: password?.reveal() },
    max: 2,
    connectionTimeoutMillis: MEASURE_TIMEOUT_MS,
    statement_timeout: MEASURE_TIMEOUT_MS,
    application_name: 'clusterkit-gateway',
  });
  pool.on('error', (error) => log(`database connection lost: ${reasonOf(error)}`));
  return {
    async of({ service, stage }, exactFromBytes) {
      const schema = `${service}$${stage}`;
      const { rows } = await pool.query<Table>(TABLES, [schema]);
      const room = rows.reduce((sum, table) => sum + Number(table.room), 0);
      if (room < exactFromBytes) return { bytes: room, rows: 0, isExact: false };
      const whole = { bytes: 0, rows: 0, isExact: true };
      for (const table of rows) {
        const live = await liveBytes(pool, schema, table);
        whole.bytes += live.bytes;
        whole.rows = Math.max(whole.rows, live.rows);
      }
      return whole;
    },
    async services(most) {
      const { rows } = await pool.query<{ name: string }>(SERVICES, [most]);
      return rows.flatMap(({ name }) => serviceOf(name, '$') ?? []);
    },
    async deployed(most) {
      const { rows: tables } = await pool.query(HOME_TABLES, [HOME, PROJECT_TABLES]);
      if (tables.length === 0) throw new Error(`no table of services in the schema ${HOME}`);
      const found = [];
      for (const { name } of tables) {
        const table = `${HOME}.${pg.escapeIdentifier(name)}`;
        const { rows } = await pool.query<ProjectRow>(
          `select id, secrets::text as secrets from ${table} limit $1`,
          [most],
        );
        found.push(...rows.flatMap((row) => deployedService(row, '$')));
      }
      return found;
    },
    close: () => pool.end(),
  };
}

/** Sizes as stored, without reading or unpacking long values. */
async function liveBytes(pool: pg.Pool, schema: string, { name, columns }: Table) {
  const values = columns.map(
    (column) => `coalesce(pg_column_size(${pg.escapeIdentifier(column)}), 0)`,
  );
  const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
  const { rows } = await pool.query<{ bytes: string | null; rows: string }>(
    `select sum(${[ROW_BYTES, ...values].join(' + ')})::text as bytes, count(*)::text as rows
       from ${table}`,
  );
  return { bytes: Number(rows[0]?.bytes ?? 0), rows: Number(rows[0]?.rows ?? 0) };
}

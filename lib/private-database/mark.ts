import type { DataLayout } from '../data-layout.js';
import type { OpenDatabase } from './open-database.js';

/** What we keep in a database of one's own: whose it is, and what can read it. */
export interface DatabaseMark {
  /** Id in the key store of the cluster that has it; `undefined`: released by `down`, and free. */
  readonly id: string | undefined;
  /** Name of the cluster that has it, or had it. */
  readonly cluster: string;
  readonly layout: string;
}

/** Schema (postgres) or database (mysql) of ours. */
export const MARK_SCHEMA = 'clusterkit';

const TABLE = `${MARK_SCHEMA}.mark`;

/** A table of one row at most, whatever races for it. */
const MAKE = {
  postgres: [
    `create schema if not exists ${MARK_SCHEMA}`,
    `create table if not exists ${TABLE} (one int primary key check (one = 1),
      id varchar(64), cluster varchar(64) not null, layout varchar(32) not null)`,
    `insert into ${TABLE} values (1, null, $1, $2) on conflict do nothing`,
  ],
  mysql: [
    `create database if not exists ${MARK_SCHEMA}`,
    `create table if not exists ${TABLE} (one int primary key,
      id varchar(64), cluster varchar(64) not null, layout varchar(32) not null)`,
    `insert ignore into ${TABLE} values (1, null, ?, ?)`,
  ],
} as const;

/** What we left in the database, or `undefined`: nothing, ever. Changes nothing. */
export async function readMark(database: OpenDatabase): Promise<DatabaseMark | undefined> {
  const tables = await database.rows<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = '${MARK_SCHEMA}' and table_name = 'mark'`,
  );
  if (tables.length === 0) return undefined;
  const [row] = await database.rows<{ id: string | null; cluster: string; layout: string }>(
    `select id, cluster, layout from ${TABLE}`,
  );
  return row && { ...row, id: row.id ?? undefined };
}

/**
 * Makes the mark a cluster's, unless another has it. The same call again changes nothing.
 * @param before an id that is taken the mark from: another cluster's that is known to be gone
 * @returns the mark as it stands now: whose it is tells whether it could be had
 */
export async function writeMark(
  database: OpenDatabase,
  mark: { readonly id: string; readonly cluster: string; readonly layout: DataLayout },
  before = mark.id,
): Promise<DatabaseMark | undefined> {
  const { connector } = database;
  const found = await readMark(database);
  if (found?.id === mark.id) return found;
  const [schema, table, row] = MAKE[connector];
  // PostgreSQL makes all of it or nothing; MySQL ends a transaction with every new table.
  await database.rows('begin');
  await database.rows(schema);
  await database.rows(table);
  await database.rows(row, [mark.cluster, mark.layout]);
  const values = [mark.id, mark.cluster, mark.layout, mark.id, before];
  await database.rows(
    connector === 'postgres'
      ? `update ${TABLE} set id = $1, cluster = $2, layout = $3 where id is null or id in ($4, $5)`
      : `update ${TABLE} set id = ?, cluster = ?, layout = ? where id is null or id in (?, ?)`,
    values,
  );
  await database.rows('commit');
  return readMark(database);
}

/** Gives the mark up; data and layout stay. `false`: it was not the cluster's. */
export async function releaseMark(database: OpenDatabase, id: string): Promise<boolean> {
  const found = await readMark(database);
  if (found?.id !== id) return false;
  const [value] = database.connector === 'postgres' ? ['$1'] : ['?'];
  await database.rows(`update ${TABLE} set id = null where id = ${value}`, [id]);
  return true;
}

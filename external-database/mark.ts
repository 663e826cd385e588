import type { DataLayout } from '../cluster/data-layout.js';
import { alone } from './alone.js';
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

/** Of one row at most. */
const MAKE_TABLE = `create table if not exists ${TABLE} (one int primary key check (one = 1),
  id varchar(64), cluster varchar(64) not null, layout varchar(32) not null)`;

const WRITE = {
  postgres: {
    makeSchema: `create schema if not exists ${MARK_SCHEMA}`,
    row: `insert into ${TABLE} values (1, $1, $2, $3) on conflict (one)
      do update set id = excluded.id, cluster = excluded.cluster, layout = excluded.layout`,
  },
  mysql: {
    makeSchema: `create database if not exists ${MARK_SCHEMA}`,
    row: `replace into ${TABLE} values (1, ?, ?, ?)`,
  },
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
 * Makes the mark a cluster's. Whoever else wants it waits until this has ended, and finds it taken.
 * @param judge is told what is there, which stays so until the mark is written; what it throws ends it
 * @returns `already so`: the mark was the cluster's before, and is as it was
 */
export async function takeMark(
  database: OpenDatabase,
  mark: { readonly id: string; readonly cluster: string; readonly layout: DataLayout },
  judge: (found: DatabaseMark | undefined) => Promise<void>,
): Promise<'claimed' | 'already so'> {
  const { makeSchema, row } = WRITE[database.connector];
  return alone(database, async () => {
    const found = await readMark(database);
    await judge(found);
    if (found?.id === mark.id) return 'already so';
    await database.rows(makeSchema);
    await database.rows(MAKE_TABLE);
    await database.rows(row, [mark.id, mark.cluster, mark.layout]);
    return 'claimed';
  });
}

/** Gives the mark up; data and layout stay. `false`: it was not the cluster's. */
export async function releaseMark(database: OpenDatabase, id: string): Promise<boolean> {
  const found = await readMark(database);
  if (found?.id !== id) return false;
  const [value] = database.connector === 'postgres' ? ['$1'] : ['?'];
  await database.rows(`update ${TABLE} set id = null where id = ${value}`, [id]);
  return true;
}

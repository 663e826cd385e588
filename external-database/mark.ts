import type { OpenDatabase } from '../clients/database/open-database.js';
import type { DataLayout } from '../cluster/data-layout.js';
import { withDatabaseLock } from './database-lock.js';

/** The mark that the kit leaves in an external database: its owner, and the layout of its data. */
export interface DatabaseMark {
  /** Id in the key store of the owning cluster; `undefined`: released, any cluster may claim it. */
  readonly id: string | undefined;
  /** Name of the cluster that owns it, or owned it last. */
  readonly cluster: string;
  readonly layout: string;
}

/** The kit's schema (postgres) or database (mysql). */
export const MARK_SCHEMA = 'clusterkit';

const TABLE = `${MARK_SCHEMA}.mark`;

/** Holds one row at most. */
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

/** Reads the mark; `undefined`: no cluster ever claimed this database. Changes nothing. */
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
 * Writes the mark of a cluster. Concurrent claims wait until this one has ended, and then find its
 * mark.
 * @param judge receives the existing mark, which stays until the new one is written; its error ends
 * the claim
 * @returns `already so`: the cluster owned the database before, and nothing changed
 */
export async function takeMark(
  database: OpenDatabase,
  mark: { readonly id: string; readonly cluster: string; readonly layout: DataLayout },
  judge: (found: DatabaseMark | undefined) => Promise<void>,
): Promise<'claimed' | 'already so'> {
  const { makeSchema, row } = WRITE[database.connector];
  return withDatabaseLock(database, async () => {
    const found = await readMark(database);
    await judge(found);
    if (found?.id === mark.id) return 'already so';
    await database.rows(makeSchema);
    await database.rows(MAKE_TABLE);
    await database.rows(row, [mark.id, mark.cluster, mark.layout]);
    return 'claimed';
  });
}

/** Releases the database; its data stays. `false`: the cluster did not own it. */
export async function releaseMark(database: OpenDatabase, id: string): Promise<boolean> {
  const found = await readMark(database);
  if (found?.id !== id) return false;
  const [value] = database.connector === 'postgres' ? ['$1'] : ['?'];
  await database.rows(`update ${TABLE} set id = null where id = ${value}`, [id]);
  return true;
}

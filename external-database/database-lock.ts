import type { OpenDatabase } from '../clients/database/open-database.js';

/** Seconds to wait for the lock. Less than the time limit of a query. */
const WAIT_S = 8;

/** The kit's lock number; any fixed number works. */
const POSTGRES_LOCK = 7_267_001_552;
const MYSQL_LOCK = 'clusterkit.mark';

/**
 * Runs `work` while no other claim or release runs in the database. The lock ends with the
 * connection at the latest. On postgres, `work` is one transaction; on mysql a new table ends a
 * transaction.
 * @throws Error with the `code` of a lock time-out
 */
export const withDatabaseLock = <T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> =>
  (database.connector === 'postgres' ? inTransaction : underNamedLock)(database, work);

async function inTransaction<T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> {
  // Independent of the database's default: a read after the wait must see what was committed
  // meanwhile.
  await database.rows('begin isolation level read committed');
  try {
    await database.rows(`set local lock_timeout = '${WAIT_S}s'`);
    await database.rows('select pg_advisory_xact_lock($1)', [POSTGRES_LOCK]);
    const result = await work();
    await database.rows('commit');
    return result;
  } catch (error) {
    // The first error says what happened; a connection that is lost has rolled back by itself.
    await database.rows('rollback').catch(() => {});
    throw error;
  }
}

async function underNamedLock<T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> {
  const [lock] = await database.rows<{ held: number | null }>('select get_lock(?, ?) as held', [
    MYSQL_LOCK,
    WAIT_S,
  ]);
  if (lock?.held !== 1) {
    throw Object.assign(new Error('another cluster is still claiming it'), { code: 'CLAIMED' });
  }
  try {
    return await work();
  } finally {
    await database.rows('do release_lock(?)', [MYSQL_LOCK]).catch(() => {});
  }
}

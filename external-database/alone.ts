import type { OpenDatabase } from './open-database.js';

/** Seconds after which somebody else's work has taken too long; less than a query may take. */
const WAIT_S = 8;

/** Any number will do; it is the kit's. */
const POSTGRES_LOCK = 7_267_001_552;
const MYSQL_LOCK = 'clusterkit.mark';

/**
 * Does `work` while nobody else's work of this kind is going on in the database; it ends with the
 * connection at the latest. On postgres it is one transaction; on mysql a new table ends one.
 * @throws Error with the `code` of a lock that was not had in time
 */
export const alone = <T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> =>
  (database.connector === 'postgres' ? inTransaction : underNamedLock)(database, work);

async function inTransaction<T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> {
  // Whatever the database's default is: what is read after the wait must be what stands then.
  await database.rows('begin isolation level read committed');
  try {
    await database.rows(`set local lock_timeout = '${WAIT_S}s'`);
    await database.rows('select pg_advisory_xact_lock($1)', [POSTGRES_LOCK]);
    const result = await work();
    await database.rows('commit');
    return result;
  } catch (error) {
    // The first error tells what happened; a connection that is gone has rolled back by itself.
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
    throw Object.assign(new Error('another claim of it has not ended'), { code: 'CLAIMED' });
  }
  try {
    return await work();
  } finally {
    await database.rows('do release_lock(?)', [MYSQL_LOCK]).catch(() => {});
  }
}

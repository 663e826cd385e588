import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pLimit from 'p-limit';

/**
 * A pool whose callers wait for their turn without an end, first come first served: the pool's own limit of
 * time, which is for connections that cannot be made, counts the wait for a free one too.
 */
export function queued(pool: PostgresPool, size: number): PostgresPool {
  const turns = pLimit(size);
  const connect = () =>
    new Promise<PostgresPoolClient>((resolve, reject) => {
      const untilReleased = async () => {
        const client = await pool.connect();
        await new Promise<void>((released) => {
          const release = client.release;
          client.release = () => {
            release.call(client);
            released();
          };
          resolve(client);
        });
      };
      turns(untilReleased).catch(reject);
    });
  return { connect, end: () => pool.end() };
}

/** The function of the spike: a pool outside of its handler, which wants more connections than the limit. */
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
pool.on('error', () => {});

/** Answers after a short query. */
export async function handler(_: unknown, response: { json(body: object): void }): Promise<void> {
  await pool.query('select pg_sleep(0.05)');
  response.json({ served: true });
}

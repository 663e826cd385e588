import type { Connector, DatabaseAddress } from './database-login.js';

/** One connection to a database, logged in. */
export interface OpenDatabase {
  readonly connector: Connector;
  /** User of the login. */
  readonly user: string;
  /** Database of the login, which has the server's own tables. */
  readonly database: string;
  /** Runs a query and returns its rows; values are `$1` on postgres and `?` on mysql. */
  rows<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Time limit of a query. */
const QUERY_MS = 10_000;
const CONNECT_MS = 10_000;

type Login = DatabaseAddress & { readonly database: string };

/** Runs `work` on a plain connection and closes it; loads one driver only. @throws its errors */
export async function withDatabase<T>(
  login: Login,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  return login.connector === 'postgres' ? withPostgres(login, work) : withMysql(login, work);
}

type Work<T> = (database: OpenDatabase) => Promise<T>;

async function withPostgres<T>(login: Login, work: Work<T>): Promise<T> {
  const { connector, host, port, user, database, password } = login;
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...{ host, port, user, database, password: password.reveal(), ssl: false },
    ...{ connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS },
    application_name: 'clusterkit',
  });
  // Without a listener, an idle connection that breaks would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work({
      ...{ connector, user, database },
      rows: async <Row>(sql: string, values: readonly unknown[] = []) =>
        (await client.query(sql, [...values])).rows as Row[],
    });
  } finally {
    await client.end().catch(() => {});
  }
}

/** Selects no database: the server creates its own at its first start. */
async function withMysql<T>(login: Login, work: Work<T>): Promise<T> {
  const { connector, host, port, user, database, password } = login;
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    ...{ host, port, user, password: password.reveal(), connectTimeout: CONNECT_MS },
    charset: 'utf8mb4_unicode_ci',
  });
  try {
    return await work({
      ...{ connector, user, database },
      async rows<Row>(sql: string, values: readonly unknown[] = []) {
        const [rows] = await connection.query({ sql, timeout: QUERY_MS }, [...values]);
        return rows as Row[];
      },
    });
  } finally {
    connection.destroy();
  }
}

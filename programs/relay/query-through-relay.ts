import type { RelaySettings } from './relay-settings.js';

const TIMEOUT_MS = 10_000;

/**
 * Sends the database a query through a relay on this machine, with the login of its settings.
 * @throws the driver's error, with the message of relay or database
 */
export async function queryThroughRelay(settings: RelaySettings): Promise<void> {
  const { connector, user, database, listen } = settings;
  const password = settings.password.reveal();
  const login = { host: '127.0.0.1', port: listen, user, password };
  await (connector === 'postgres'
    ? queryPostgres({ ...login, database })
    : // No database: the server may not have created it yet.
      queryMysql(login));
}

interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

async function queryPostgres(login: Login & { readonly database: string }): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...login,
    ...{ connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS },
    application_name: 'clusterkit-relay',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => {});
  }
}

async function queryMysql(login: Login): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ ...login, connectTimeout: TIMEOUT_MS });
  try {
    await connection.query({ sql: 'select 1', timeout: TIMEOUT_MS });
  } finally {
    connection.destroy();
  }
}

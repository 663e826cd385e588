import { DATABASE_HOST, DATABASES } from '../../cluster/databases.js';
import { CONFIG_DIRECTORY } from '../../cluster/names.js';
import { Secret } from '../../lib/secret.js';
import type { PoolDatabase } from './pool-app.js';

/** Files in the pool's volume, 0600 and of the pool's user. */
export const POOL_FILES = { settings: 'pgbouncer.ini', users: 'userlist.txt' } as const;

/** Where the pool's console has its socket: only its own user reaches it. */
export const CONSOLE_DIRECTORY = '/run/pgbouncer';

/** Port of the pool in the network, and in the name of its socket. */
export const POOL_PORT = DATABASES.postgres.port;

/** Seconds that a query waits for a free connection, by default. */
export const POOL_WAIT_SECONDS = 30;

/** Clients of all applications together. Each takes 2 KB. */
export const POOL_CLIENTS = 2000;

/** One user of the pool: the role of an application. */
export interface PoolUser {
  readonly role: string;
  readonly password: Secret;
  readonly connections: number;
}

/**
 * The files that pgbouncer reads. Every application logs in with its own role, to the one database; its connections
 * are bounded by role. No time-out ends an idle client, since a frozen one cannot do anything about it.
 * @param waitSeconds that a query waits for a connection before it fails. @default 30
 */
export function renderPool(
  { database }: Pick<PoolDatabase, 'database'>,
  users: readonly PoolUser[],
  waitSeconds = POOL_WAIT_SECONDS,
): Readonly<Record<string, Secret>> {
  const sorted = [...users].sort((a, b) => (a.role < b.role ? -1 : 1));
  const most = Math.max(1, ...sorted.map(({ connections }) => connections));
  const lines = [
    '[databases]',
    `${pooledName(database)} = host=${DATABASE_HOST} port=${POOL_PORT} dbname=${inQuotes(database)} pool_size=${most}`,
    '',
    '[pgbouncer]',
    ...Object.entries(settings(waitSeconds)).map(([key, value]) => `${key} = ${value}`),
    '',
    '[users]',
    ...sorted.map(({ role, connections }) => `${role} = max_user_connections=${connections}`),
    '',
  ];
  const logins = sorted.map(
    ({ role, password }) => `${quoted(role)} ${quoted(password.reveal())}\n`,
  );
  return {
    [POOL_FILES.settings]: new Secret(lines.join('\n')),
    [POOL_FILES.users]: new Secret(logins.join('')),
  };
}

/**
 * Name under which clients find a database in the pool: its own, unless pgbouncer cannot read it there, or takes it for
 * its console.
 */
export const pooledName = (database: string): string =>
  /^[A-Za-z0-9_.-]+$/.test(database) && database !== 'pgbouncer' ? database : 'database';

const settings = (waitSeconds: number): Readonly<Record<string, string | number>> => ({
  listen_addr: '*',
  listen_port: POOL_PORT,
  // A spike of clients connects at once.
  listen_backlog: 1024,
  unix_socket_dir: CONSOLE_DIRECTORY,
  auth_type: 'scram-sha-256',
  auth_file: `${CONFIG_DIRECTORY}/${POOL_FILES.users}`,
  pool_mode: 'transaction',
  max_client_conn: POOL_CLIENTS,
  query_wait_timeout: waitSeconds,
  client_idle_timeout: 0,
  // A client that stops inside of a transaction would keep its connection.
  idle_transaction_timeout: 60,
  server_idle_timeout: 600,
  server_login_retry: 1,
  server_connect_timeout: 10,
  // The address of the database's container changes.
  dns_max_ttl: 5,
  dns_nxdomain_ttl: 1,
  // Every role has its own; drivers send these unasked.
  ignore_startup_parameters: 'extra_float_digits,search_path',
  log_connections: 0,
  log_disconnections: 0,
  log_stats: 0,
});

const inQuotes = (text: string) => `'${text.replaceAll("'", "''")}'`;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

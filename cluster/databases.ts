import type { Connector } from '../clients/database/database-login.js';
import { CONFIG_DIRECTORY, CONFIG_FILES } from './names.js';

export type { Connector };

/** Facts about one kind of database, for stack, stages and server configuration. */
export interface DatabaseFacts {
  /** Port inside the cluster's network. */
  readonly port: number;
  /** The login that the server uses. */
  readonly user: string;
  /** Environment of the container, as for the official image: only file names of secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Data directory of the image. */
  readonly dataDirectory: string;
  /**
   * Shell line that sends a query to the network address, with the server's password. Sockets and
   * loopback would answer earlier, and without checking the password.
   */
  readonly query: string;
  /** Matches the client's output for a wrong password, unlike that of a database that is starting. */
  readonly refusal: RegExp;
}

/** Name of the database container in the cluster's network. */
export const DATABASE_HOST = 'database';

const PASSWORD_FILE = `${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword}`;

/** Kinds of database, in upstream's images and in the bundled ones. */
export const DATABASES: Readonly<Record<Connector, DatabaseFacts>> = {
  postgres: {
    port: 5432,
    user: 'prisma',
    environment: {
      POSTGRES_USER: 'prisma',
      POSTGRES_DB: 'prisma',
      POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
    },
    dataDirectory: '/var/lib/postgresql/data',
    query:
      `PGPASSWORD="$(cat ${PASSWORD_FILE})" PGCONNECT_TIMEOUT=10 ` +
      `psql -h ${DATABASE_HOST} -U prisma -d prisma -qtAc 'select 1'`,
    refusal: /password authentication failed/,
  },
  mysql: {
    port: 3306,
    // Every service gets a database, which only this login may create.
    user: 'root',
    environment: { MYSQL_ROOT_PASSWORD_FILE: PASSWORD_FILE },
    dataDirectory: '/var/lib/mysql',
    query:
      `MYSQL_PWD="$(cat ${PASSWORD_FILE})" ` +
      `mysql -h ${DATABASE_HOST} -P 3306 -u root --connect-timeout=10 -N -B -e 'select 1'`,
    refusal: /Access denied for user/,
  },
};

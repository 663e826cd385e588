import type { Connector } from '../clients/database/database-login.js';
import { CONFIG_DIRECTORY, CONFIG_FILES } from './names.js';

export type { Connector };

/** What stack, stages and server configuration must know of one kind of database. */
export interface DatabaseFacts {
  /** Port inside the cluster's network. */
  readonly port: number;
  /** The login that the server uses. */
  readonly user: string;
  /** Environment of the container, in the terms of the official image: names only files of secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the image keeps its data. */
  readonly dataDirectory: string;
  /**
   * Shell line that asks a real query over the network address, with the password that the server
   * will use: sockets and loopback answer earlier, and without asking for it.
   */
  readonly query: string;
  /** What the client says when the password is wrong, as opposed to a database that is starting. */
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
    // Every service gets a database of its own, which only this login may make.
    user: 'root',
    environment: { MYSQL_ROOT_PASSWORD_FILE: PASSWORD_FILE },
    dataDirectory: '/var/lib/mysql',
    query:
      `MYSQL_PWD="$(cat ${PASSWORD_FILE})" ` +
      `mysql -h ${DATABASE_HOST} -P 3306 -u root --connect-timeout=10 -N -B -e 'select 1'`,
    refusal: /Access denied for user/,
  },
};

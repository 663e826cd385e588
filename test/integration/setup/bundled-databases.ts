import type Docker from 'dockerode';
import { type ExecResult, runInContainer } from '../../../clients/docker/run-in-container.js';
import {
  createDatabase,
  type DatabaseImage,
  type DatabaseProps,
  PASSWORD,
  startDatabase,
} from './database-container.js';

/** Whom a query comes from. */
interface Client {
  /** @default - the one who may do everything */
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

class BundledDatabase {
  constructor(
    private readonly image: DatabaseImage,
    private readonly admin: string,
    /** A shell line: `$1` password, `$2` user, `$3` database, `$4` statements. */
    private readonly client: string,
    private readonly databaseOf: (user: string) => string,
  ) {}

  /** See {@link createDatabase}. */
  create = (props: DatabaseProps) => createDatabase(this.image, props);

  /** See {@link startDatabase}. */
  start = (props: DatabaseProps) => startDatabase(this.image, props);

  /** Statements over TCP, as a client on the network would send them. */
  query = (container: Docker.Container, sql: string, from: Client = {}): Promise<ExecResult> => {
    const { user = this.admin, password = PASSWORD, database = this.databaseOf(user) } = from;
    const argv = ['/bin/sh', '-c', this.client, 'sh', password, user, database, sql];
    return runInContainer(container, argv);
  };
}

/** The bundled PostgreSQL. */
export const postgres = new BundledDatabase(
  { image: 'clusterkit/postgres:15', data: '/var/lib/postgresql/data' },
  'postgres',
  'PGPASSWORD="$1" psql -h "$(hostname -i)" -U "$2" -d "$3" -qtAc "$4"',
  (user) => user,
);

/** The bundled MariaDB; columns of an answer are split by tabs. */
export const mysql = new BundledDatabase(
  { image: 'clusterkit/mysql:10.11', data: '/var/lib/mysql' },
  'root',
  'MYSQL_PWD="$1" mysql -h "$(hostname -i)" -P 3306 -u "$2" -D "$3" -N -B -e "$4"',
  () => '',
);

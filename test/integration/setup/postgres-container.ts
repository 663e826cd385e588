import type Docker from 'dockerode';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import {
  createDatabase,
  type DatabaseProps,
  PASSWORD,
  startDatabase,
} from './database-container.js';

const POSTGRES = { image: 'clusterkit/postgres:15', data: '/var/lib/postgresql/data' };

/** See {@link createDatabase}. */
export const createPostgres = (props: DatabaseProps) => createDatabase(POSTGRES, props);

/** See {@link startDatabase}. */
export const startPostgres = (props: DatabaseProps) => startDatabase(POSTGRES, props);

/** One statement over TCP, as a client on the network would. */
export async function query(
  container: Docker.Container,
  sql: string,
  client: { readonly user?: string; readonly password?: string; readonly database?: string } = {},
) {
  const { user = 'postgres', password = PASSWORD, database = user } = client;
  const psql = `PGPASSWORD="$1" psql -h "$(hostname -i)" -U "$2" -d "$3" -qtAc "$4"`;
  const argv = ['/bin/sh', '-c', psql, 'sh', password, user, database, sql];
  return runInContainer(container, argv);
}

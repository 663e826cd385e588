import type Docker from 'dockerode';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import {
  createDatabase,
  type DatabaseProps,
  PASSWORD,
  startDatabase,
} from './database-container.js';

const MYSQL = { image: 'clusterkit/mysql:10.11', data: '/var/lib/mysql' };

/** See {@link createDatabase}. */
export const createMysql = (props: DatabaseProps) => createDatabase(MYSQL, props);

/** See {@link startDatabase}. */
export const startMysql = (props: DatabaseProps) => startDatabase(MYSQL, props);

/** Statements over TCP, as a client on the network would: `exitCode`, and columns split by tabs. */
export async function query(
  container: Docker.Container,
  sql: string,
  client: { readonly user?: string; readonly password?: string; readonly database?: string } = {},
) {
  const { user = 'root', password = PASSWORD, database = '' } = client;
  const mysql = 'MYSQL_PWD="$1" mysql -h "$(hostname -i)" -P 3306 -u "$2" -D "$3" -N -B -e "$4"';
  const argv = ['/bin/sh', '-c', mysql, 'sh', password, user, database, sql];
  return runInContainer(container, argv);
}

import { startDatabase, type TestDatabase } from './database-container.js';

/** Starts the bundled MariaDB on a free port of loopback; it may not take connections yet. */
export const startMysql = (): Promise<TestDatabase> =>
  startDatabase({
    connector: 'mysql',
    image: 'clusterkit/mysql:10.11',
    port: 3306,
    user: 'root',
    environment: (password) => [`MYSQL_ROOT_PASSWORD=${password}`],
  });

import { startDatabase, type TestDatabase } from './database-container.js';

export type TestPostgres = TestDatabase;

/** Starts the bundled PostgreSQL on a free port of loopback; it may not take connections yet. */
export const startPostgres = (): Promise<TestDatabase> =>
  startDatabase({
    connector: 'postgres',
    image: 'clusterkit/postgres:15',
    port: 5432,
    user: 'prisma',
    environment: (password) => [
      'POSTGRES_USER=prisma',
      'POSTGRES_DB=prisma',
      `POSTGRES_PASSWORD=${password}`,
    ],
  });

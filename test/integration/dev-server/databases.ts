import { startMysql } from './mysql-container.js';
import { startPostgres } from './postgres-container.js';

/** All databases that the server works on: what it answers is the same on each. */
export const DATABASES = [
  { connector: 'postgres', separator: '$', start: startPostgres },
  { connector: 'mysql', separator: '@', start: startMysql },
] as const;

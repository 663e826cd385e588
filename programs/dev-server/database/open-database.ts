import type { Log } from '../../log.js';
import type { DatabaseSettings } from '../settings/settings-schema.js';
import type { Database } from './database-kind.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';

const OPENERS = { mysql: openMysql, postgres: openPostgres };

/** The database in the settings. Opens no connection before the first query. */
export const openDatabase = (settings: DatabaseSettings, log: Log): Database =>
  OPENERS[settings.connector](settings, log);

import type { Log } from '../../log.js';
import type { DatabaseSettings } from '../settings/settings-schema.js';
import type { Database } from './database-kind.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';

const OPENERS = { mysql: openMysql, postgres: openPostgres };

/** The database of the kind that the settings name. Nothing is connected before the first query. */
export const openDatabase = (settings: DatabaseSettings, log: Log): Database =>
  OPENERS[settings.connector](settings, log);

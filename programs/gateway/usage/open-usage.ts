import type { Log } from '../../log.js';
import type { MeasuredDatabase } from '../settings.js';
import { openMysqlUsage } from './mysql-usage.js';
import { openPostgresUsage } from './postgres-usage.js';
import type { UsageSource } from './usage-source.js';

/** Connects at the first measurement. */
export const openUsage = (database: MeasuredDatabase, log: Log): UsageSource =>
  database.connector === 'postgres' ? openPostgresUsage(database, log) : openMysqlUsage(database);

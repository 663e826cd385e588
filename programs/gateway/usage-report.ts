import type { ServiceUsage, UsageReport } from '../../prisma/usage-report.js';
import type { Log } from '../log.js';
import type { RateLimit } from './rate-limit.js';
import type { GatewaySettings, MeasuredDatabase } from './settings.js';
import { openMysqlUsage } from './usage/mysql-usage.js';
import { openPostgresUsage } from './usage/postgres-usage.js';
import type { UsageSource } from './usage/usage-source.js';

/** Limit of services in a report. */
const MOST_SERVICES = 1_000;

/**
 * Reports each service's use of its limits. Measures one service after the other, so that no
 * request waits for a report. @throws when the database does not answer in time
 */
export async function reportUsage({
  rate,
  limit,
  storage,
}: {
  readonly rate: GatewaySettings['rate'];
  readonly limit: Pick<RateLimit, 'waitingByService'> | undefined;
  readonly storage: { readonly source: UsageSource; readonly capBytes: number } | undefined;
}): Promise<UsageReport> {
  const waiting = new Map(limit?.waitingByService());
  const services: ServiceUsage[] = [];
  const names = (await storage?.source.services(MOST_SERVICES)) ?? [];
  for (const { service, stage } of names) {
    const storageBytes = (await storage?.source.of({ service, stage }, storage.capBytes))?.bytes;
    const key = `${service}/${stage}`.toLowerCase();
    services.push({
      ...{ service, stage, waiting: waiting.get(key) ?? 0 },
      ...(storageBytes !== undefined && { storageBytes }),
    });
    waiting.delete(key);
  }
  for (const [key, count] of waiting) {
    if (services.length >= MOST_SERVICES) break;
    const [service = '', stage = ''] = key.split('/');
    services.push({ service, stage, waiting: count });
  }
  return {
    ...(rate && { rate }),
    ...(storage && { storageCapBytes: storage.capBytes }),
    services,
  };
}

/** Connects at the first measurement. */
export const openUsage = (database: MeasuredDatabase, log: Log): UsageSource =>
  database.connector === 'postgres' ? openPostgresUsage(database, log) : openMysqlUsage(database);

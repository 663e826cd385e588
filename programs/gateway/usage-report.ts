import type { ServiceUsage, UsageReport } from '../../prisma/usage-report.js';
import type { RateLimit } from './rate-limit.js';
import type { GatewaySettings } from './settings.js';
import type { UsageSource } from './usage/usage-source.js';

/** What is reported on. */
export interface UsageReportProps {
  readonly rate: GatewaySettings['rate'];
  readonly limit: Pick<RateLimit, 'waitingByService'> | undefined;
  readonly storage: { readonly source: UsageSource; readonly capBytes: number } | undefined;
}

/** More services than this are not told of. */
const MOST_SERVICES = 1_000;

/**
 * The services of the cluster with what they use of their limits, measured now and one after the
 * other: nobody's requests wait for a report. @throws when the database does not answer in time
 */
export async function reportUsage({
  rate,
  limit,
  storage,
}: UsageReportProps): Promise<UsageReport> {
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

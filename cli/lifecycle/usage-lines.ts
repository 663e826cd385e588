import type { StatusResult } from '../../lifecycle/status.js';
import type { ServiceUsage, UsageReport } from '../../prisma/usage-report.js';

/** Maximum number of services shown; `--json` has all of them. */
const SHOWN = 10;

/**
 * Usage and limits of a development cluster's services, the largest first, as label and text;
 * empty for other clusters, and when the usage is unknown.
 */
export function usageLines({
  usage,
}: Pick<StatusResult, 'usage'>): [label: string, text: string][] {
  if (!usage) return [];
  return [...storageLines(usage), ...requestLines(usage)];
}

function storageLines({ services, storageCapBytes }: UsageReport): [string, string][] {
  if (storageCapBytes === undefined) return [];
  const cap = megabytes(storageCapBytes);
  const stored = services
    .filter(({ storageBytes }) => storageBytes !== undefined)
    .sort((a, b) => (b.storageBytes ?? 0) - (a.storageBytes ?? 0));
  if (stored.length === 0) return [['storage', `no services yet; each may have ${cap} MB`]];
  const lines = stored.slice(0, SHOWN).map((each): [string, string] => {
    const { storageBytes: bytes = 0 } = each;
    const beyond = bytes >= storageCapBytes ? ': full, writes are refused' : '';
    return ['storage', `${nameOf(each)} ${megabytes(bytes)} of ${cap} MB${beyond}`];
  });
  const rest = stored.length - SHOWN;
  return rest > 0 ? [...lines, ['', `and ${rest} smaller ones`]] : lines;
}

function requestLines({ rate, services }: UsageReport): [string, string][] {
  if (rate === undefined) return [];
  const { requests, perSeconds, queue } = rate;
  const waiting = services.filter((each) => each.waiting > 0);
  const limit = `${requests} in ${perSeconds} s for each service`;
  if (waiting.length === 0) return [['requests', `${limit}; none waits`]];
  const who = waiting
    .sort((a, b) => b.waiting - a.waiting)
    .slice(0, SHOWN)
    .map((each) => `${nameOf(each)} ${each.waiting} of ${queue}`);
  return [['requests', `${limit}; waiting: ${who.join(', ')}`]];
}

const nameOf = ({ service, stage }: ServiceUsage) => `${service}/${stage}`;

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1).replace(/\.0$/, '');

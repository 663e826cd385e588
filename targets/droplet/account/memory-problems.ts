import type { Size } from '../../../clients/digitalocean/answers.js';
import { appsMemory, type MemoryPart, sumOf } from '../../../cluster/containers/apps-memory.js';
import { FIXED_MB, LEAST_MB, SYSTEM_MB } from '../../../cluster/containers/memory-plan.js';
import { relayMemory } from '../../../cluster/containers/relay-memory.js';
import { serverConnections } from '../../../cluster/settings/server-connections.js';
import type { Problem } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';

/** The problem of a size whose memory is too little for a cluster together with its applications. */
export function memoryProblems(
  settings: DropletSettings,
  sizes: readonly Size[] | undefined,
): Problem[] {
  const { name, region, size: wanted, apps = [] } = settings;
  const size = sizes?.find(({ slug }) => slug === wanted);
  if (size === undefined || apps.length === 0) return [];
  const ofCluster = clusterMemory(settings);
  const ofApps = appsMemory(apps);
  const needed = sumOf([...ofCluster, ...ofApps]);
  if (needed <= size.memory) return [];
  const fitting = (sizes ?? [])
    .filter(
      ({ available, regions, memory }) => available && regions.includes(region) && memory >= needed,
    )
    .sort((a, b) => a.price_monthly - b.price_monthly)
    .slice(0, 3)
    .map(({ slug }) => slug);
  return [
    {
      path: `clusters.${name}.apps`,
      message: `size '${wanted}' has ${size.memory} MB of memory; applications need ${sumOf(ofApps)} MB (${shown(ofApps)}), and the cluster at least ${sumOf(ofCluster)} MB (${shown(ofCluster)})`,
      hint: `Set fewer instances or less memory; or a size that fits: ${fitting.join(', ') || 'there is none'}.`,
    },
  ];
}

/** The least that a cluster needs without applications. */
function clusterMemory(settings: DropletSettings): MemoryPart[] {
  const { server, database, gateway, tls } = settings;
  const isRelayed = database.external !== undefined || database.managed !== undefined;
  const least = isRelayed ? relayMemory(serverConnections(settings)).limit : LEAST_MB.database;
  return [
    { what: 'server', mb: server.memoryMb ?? LEAST_MB.server },
    { what: isRelayed ? 'relay' : 'database', mb: database.memoryMb ?? least },
    ...(gateway ? [{ what: 'gateway', mb: FIXED_MB.gateway }] : []),
    ...(tls ? [{ what: 'proxy', mb: FIXED_MB.proxy }] : []),
    { what: 'system', mb: SYSTEM_MB },
  ];
}

const shown = (parts: readonly MemoryPart[]) =>
  parts.map(({ what, mb }) => `${what} ${what.includes('×') ? `= ${mb}` : mb}`).join(', ');

import { rolesOf } from '../cluster/roles.js';
import type { ClusterSettings } from '../targets/clusters-file/cluster-settings.js';

/** What may have a log: the containers, and the first boot of a droplet. */
export const LOGS = ['server', 'database', 'gateway', 'proxy', 'cloud-init'] as const;

/** One of them. */
export type LogName = (typeof LOGS)[number];

/** What has a log in a cluster. The database of a private cluster is elsewhere: its log is the relay's. */
export function logsOf(settings: ClusterSettings): readonly LogName[] {
  const has: readonly string[] = rolesOf(settings);
  return LOGS.filter((log) =>
    log === 'cloud-init' ? settings.target === 'digitalocean' : has.includes(log),
  );
}

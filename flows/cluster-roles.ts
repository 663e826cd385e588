import type { ContainerRole } from '../lib/cluster-names.js';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';

/** The containers that a cluster consists of. */
export function rolesOf(settings: ClusterSettings): readonly ContainerRole[] {
  const hasProxy = settings.target === 'digitalocean' && settings.tls !== undefined;
  return [
    ...(['database', 'server'] as const),
    ...(settings.gateway ? (['gateway'] as const) : []),
    ...(hasProxy ? (['proxy'] as const) : []),
  ];
}

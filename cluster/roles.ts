import type { ClusterSettings } from '../targets/clusters-file/cluster-settings.js';
import type { ContainerRole } from './names.js';

/** The containers that a cluster consists of. */
export function rolesOf(settings: ClusterSettings): readonly ContainerRole[] {
  const hasProxy = settings.target === 'digitalocean' && settings.tls !== undefined;
  return [
    ...(['database', 'server'] as const),
    ...(settings.gateway ? (['gateway'] as const) : []),
    ...(hasProxy ? (['proxy'] as const) : []),
  ];
}

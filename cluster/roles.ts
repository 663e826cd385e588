import type { ContainerRole } from './names.js';
import type { ClusterSettings } from './settings/settings.js';

/** The container roles of a cluster, in the order in which they start. */
export const rolesOf = ({
  gateway,
  tls,
}: Pick<ClusterSettings, 'gateway' | 'tls'>): readonly ContainerRole[] => [
  'database',
  'server',
  ...(gateway ? (['gateway'] as const) : []),
  ...(tls ? (['proxy'] as const) : []),
];

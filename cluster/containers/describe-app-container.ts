import { type AppRole, objectName } from '../names.js';
import { type ClusterMarks, clusterLabels } from './cluster-labels.js';
import { ALWAYS } from './describe-containers.js';
import type { AppVolumeRole, EngineContainer } from './engine-container.js';

/** What is specific to one container of the applications. */
export type AppContainerProps = Pick<EngineContainer, 'image' | 'memoryMb' | 'stopGraceSeconds'> &
  Partial<EngineContainer>;

/**
 * Adds what containers of applications have in common. They mount no configuration, which has secrets of the
 * cluster, and do not swap: `memoryMb` is all that they get. Name and alias follow the role.
 */
export const describeAppContainer = (
  marks: ClusterMarks,
  role: Exclude<AppRole, AppVolumeRole | 'app'>,
  own: AppContainerProps,
): EngineContainer => ({
  ...{ cluster: marks.cluster, role, name: objectName(marks.cluster, role), ...ALWAYS },
  ...{ environment: {}, mounts: [], ports: [], networkAliases: [role] },
  memorySwapMb: own.memoryMb,
  labels: clusterLabels(marks, role),
  ...own,
});

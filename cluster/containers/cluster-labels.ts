import { LABEL, type Role } from '../names.js';

/** The marks of a cluster: its name, the state directory in which it was made, and its identity. */
export interface ClusterMarks {
  readonly cluster: string;
  readonly project: string;
  readonly identity?: string | undefined;
}

/** Labels on every object of a cluster in an engine. */
export const clusterLabels = (
  { cluster, project, identity }: ClusterMarks,
  role: Role,
): Record<string, string> => ({
  [LABEL.cluster]: cluster,
  [LABEL.project]: project,
  ...(identity !== undefined && { [LABEL.identity]: identity }),
  [LABEL.role]: role,
});

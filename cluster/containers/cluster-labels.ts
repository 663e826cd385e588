import { LABEL, type Role } from '../names.js';

/** Labels on every object of a cluster in an engine. @param project state directory of the checkout */
export const clusterLabels = (
  { cluster, project }: { readonly cluster: string; readonly project: string },
  role: Role,
): Record<string, string> => ({
  [LABEL.cluster]: cluster,
  [LABEL.project]: project,
  [LABEL.role]: role,
});

import type { CommandContext } from '../cluster/context.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { TARGETS } from '../targets/all.js';
import type { Clusters } from '../targets/clusters-file/schema.js';
import { selectCluster } from '../targets/clusters-file/select.js';
import { type ClusterContext, openContext, type UpOptions } from '../targets/context.js';
import type { Target } from '../targets/target.js';

/** One command on one cluster: target, settings and context. */
export interface ClusterRun {
  readonly target: Target;
  readonly settings: ClusterSettings;
  readonly context: ClusterContext;
  /** All targets of the kit. */
  readonly targets: readonly Target[];
  /** All clusters of the file. */
  readonly clusters: Clusters;
}

/**
 * Opens a run on the cluster that `command` names.
 * @throws KitError `cluster-unknown`, `not-supported` (exit 2)
 */
export function openRun(
  command: CommandContext,
  clusters: Clusters,
  options?: UpOptions,
  targets: readonly Target[] = TARGETS,
): ClusterRun {
  const settings = selectCluster(clusters, command.cluster, targets);
  const target = targetNamed(settings.target, targets);
  const context = openContext(command, target, settings, options);
  return { target, settings, context, targets, clusters };
}

/** The target of that name. @throws Error when there is none */
export function targetNamed(name: string, targets: readonly Target[]): Target {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new Error(`there is no target '${name}'`);
  return target;
}

import type { ClusterSettings } from '../cluster/settings/settings.js';
import { type Problem, usageError } from '../lib/errors.js';
import { supportedClusters } from '../targets/clusters-file/select.js';
import { combine } from '../targets/common/preflight.js';
import type { Findings } from '../targets/target.js';
import type { ClusterRun } from './cluster-run.js';

/**
 * The preflight of a target, and what only the whole file shows; all problems are reported together.
 * @throws KitError with every problem; the first decides code and exit code
 */
export async function preflight(run: ClusterRun): Promise<Findings> {
  const { target, settings, context } = run;
  const [ports, found] = await Promise.allSettled([
    (async () => assertOwnPorts(run))(),
    target.preflight(settings, context),
  ]);
  const errors = [ports, found].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  if (errors.length > 0 || found.status === 'rejected') throw combine(errors);
  return found.value;
}

/** @throws KitError `port-shared` (exit 2) when another cluster of the file has a port of this one here */
function assertOwnPorts({ settings, target, targets, clusters }: ClusterRun): void {
  if (!target.runsHere) return;
  const here = targets.filter(({ runsHere }) => runsHere).map(({ name }) => name);
  const others = supportedClusters(clusters, targets)
    .filter(({ name, target }) => name !== settings.name && here.includes(target))
    .flatMap(portsOf);
  const problems = portsOf(settings).flatMap(({ path, port }): Problem[] => {
    const same = others.filter((other) => other.port === port).map((other) => other.path);
    if (same.length === 0) return [];
    const hint =
      'Give each cluster on this machine ports of its own. Without a setting it is 4466.';
    return [{ path, message: `is ${port}, and so is ${same.join(' and ')}`, hint }];
  });
  if (problems.length > 0) throw usageError('port-shared', problems);
}

/** The ports of the machine that a cluster needs, and their settings. */
const portsOf = ({ name, port, apps = [] }: ClusterSettings) => [
  { path: `clusters.${name}.port`, port },
  ...apps.flatMap((app) =>
    app.published === undefined
      ? []
      : [{ path: `clusters.${name}.apps.${app.name}.port`, port: app.published }],
  ),
];

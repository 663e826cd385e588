import { usageError } from '../lib/errors.js';
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
    (async () => assertOwnPort(run))(),
    target.preflight(settings, context),
  ]);
  const errors = [ports, found].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  if (errors.length > 0 || found.status === 'rejected') throw combine(errors);
  return found.value;
}

/** @throws KitError `port-shared` (exit 2) when another cluster of the file has the same port here */
function assertOwnPort({ settings, target, targets, clusters }: ClusterRun): void {
  if (!target.runsHere) return;
  const here = targets.filter(({ runsHere }) => runsHere).map(({ name }) => name);
  const others = supportedClusters(clusters, targets).filter(
    (other) =>
      other.name !== settings.name && here.includes(other.target) && other.port === settings.port,
  );
  if (others.length === 0) return;
  throw usageError('port-shared', {
    path: `clusters.${settings.name}.port`,
    message: `is ${settings.port}, and so is ${others.map(({ name }) => `clusters.${name}.port`).join(' and ')}`,
    hint: 'Give each cluster on this machine a port of its own. Without a setting it is 4466.',
  });
}

import { APP_LIMITS, type AppLimits, type AppsHost, imageOfServer } from '../../apps/host.js';
import { findClusterObjects } from '../../cluster/objects/cluster-objects.js';
import { elsewhereProblems } from '../../cluster/objects/name-problems.js';
import { sortObjects } from '../../cluster/objects/own-objects.js';
import { usageError } from '../../lib/errors.js';
import { identityFor } from '../../targets/common/owner.js';
import { type Machine, withMachines } from '../../targets/machine.js';
import type { ClusterRun } from '../cluster-run.js';

/**
 * Opens the machine that runs a cluster's applications, calls `work` with it, and closes it.
 * @throws KitError `cluster-not-up`, those of the target's machines (exit 3), `cluster-elsewhere` (exit 2)
 */
export async function withApps<T>(
  { target, settings, context }: Pick<ClusterRun, 'target' | 'settings' | 'context'>,
  work: (host: AppsHost) => Promise<T>,
  limits: AppLimits = APP_LIMITS,
): Promise<T> {
  const { cluster, project, signal } = context;
  const open = () => target.engines(context, signal);
  return withMachines(open, async (machines) => {
    const [machine] = machines;
    if (machine === undefined) throw new Error('the cluster has no machine');
    const { engine } = machine;
    if (target.runsHere) await assertOurs(machine, context);
    const image = await imageOfServer(engine, cluster);
    const place = await target.applications(settings, context);
    const identity = identityFor(await context.owner()).id;
    const marks = { cluster, project: project.stateDir, identity };
    return work({ ...{ settings, context, machine, engine, marks, place, image, limits } });
  });
}

/** Another directory may have a cluster of this name on the same engine. */
async function assertOurs({ engine }: Machine, { cluster, owner }: ClusterRun['context']) {
  const { foreign } = sortObjects(await findClusterObjects(engine, cluster), await owner());
  const problems = elsewhereProblems(cluster, foreign);
  if (problems.length > 0) throw usageError('cluster-elsewhere', problems);
}

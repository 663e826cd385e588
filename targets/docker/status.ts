import type { ClusterObject } from '../../cluster/objects/cluster-objects.js';
import { sortObjects } from '../../cluster/objects/own-objects.js';
import { runsOn } from '../common/container-runs.js';
import { type ContainersFound, containersOn, usageOn } from '../common/container-states.js';
import type { ClusterContext } from '../context.js';
import { engines } from './engines.js';
import { findLostPort, lostPortProblem } from './lost-port.js';
import { sortedObjects } from './own-objects.js';
import type { DockerSettings } from './settings.js';

/** The containers of a cluster on this machine. @throws KitError of `connectEngine` */
export async function status(
  settings: DockerSettings,
  context: ClusterContext,
): Promise<ContainersFound> {
  const machines = await engines(context);
  const owner = await context.owner();
  const own = (objects: readonly ClusterObject[]) => sortObjects(objects, owner).own;
  const containers = await containersOn(machines, settings, own);
  const [machine] = machines;
  const lost =
    machine &&
    (await findLostPort(
      settings,
      machine.engine,
      (
        await sortedObjects(machine.engine, owner)
      ).own,
    ));
  return {
    containers,
    runs: await runsOn(machines, settings, own),
    ...(await usageOn(machines, settings, containers, context.signal)),
    problems: lost ? [lostPortProblem(settings, lost)] : [],
    ...(lost && { isElsewhere: true }),
  };
}

import { type ContainersFound, containersOn, usageOn } from '../common/container-states.js';
import type { ClusterContext } from '../context.js';
import { engines } from './engines.js';
import type { DockerSettings } from './settings.js';

/** The containers of a cluster on this machine. @throws KitError of `connectEngine` */
export async function status(
  settings: DockerSettings,
  context: ClusterContext,
): Promise<ContainersFound> {
  const machines = await engines(context);
  const containers = await containersOn(machines, settings);
  return {
    containers,
    ...(await usageOn(machines, settings, containers, context.signal)),
    problems: [],
  };
}

import {
  type ClusterObject,
  findClusterObjects,
  removeObjects,
} from '../lib/engine/cluster-objects.js';
import type { Engine } from '../lib/engine/connect.js';
import { idsInState } from '../lib/terraform/state-ids.js';
import type { ClusterWorld } from './cluster-world.js';
import { stateFileOf } from './workspace.js';

/**
 * Removes what an interrupted run created but could not write down: containers and networks of this
 * checkout that Terraform does not know and would collide with. Volumes stay: they are adopted by
 * name, and may hold data.
 */
export async function sweepOrphans(engine: Engine, world: ClusterWorld): Promise<void> {
  const known = await idsInState(stateFileOf(world));
  if (known === undefined) return;
  const objects = await ownObjects(engine, world);
  const orphans = objects.filter(({ kind, id }) => kind !== 'volume' && !known.has(id));
  await removeObjects(engine, orphans);
  for (const { name } of orphans) world.steps.detail(`removed ${name}, left by an interrupted run`);
}

/** Everything of the cluster in the engine that this checkout made. */
export async function ownObjects(engine: Engine, world: ClusterWorld): Promise<ClusterObject[]> {
  const objects = await findClusterObjects(engine, world.cluster);
  return objects.filter(({ project }) => project === world.project.stateDir);
}

import type { Engine } from '../../clients/docker/connect.js';
import { findClusterObjects, findNamesakes } from '../../cluster/objects/cluster-objects.js';
import { elsewhereProblems, namesakeProblems } from '../../cluster/objects/name-problems.js';
import { type SortedObjects, sortObjects } from '../../cluster/objects/own-objects.js';
import { environmentError, usageError } from '../../lib/errors.js';
import { assertSoleClaim, type Owner } from '../common/owner.js';

/** The objects in the engine that have the cluster's label, by whose they are. */
export const sortedObjects = async (engine: Engine, owner: Owner): Promise<SortedObjects> =>
  sortObjects(await findClusterObjects(engine, owner.cluster), owner);

/**
 * Asserts that nobody else has an object of the cluster's name, and returns its own ones.
 * @throws KitError `cluster-elsewhere`, `cluster-claimed-twice` (exit 2), `name-taken` (exit 3)
 */
export async function assertEngineIsFree(engine: Engine, owner: Owner) {
  assertSoleClaim(owner);
  const objects = await sortedObjects(engine, owner);
  assertNotElsewhere(owner, objects);
  await assertNamesFree(engine, owner);
  return objects.own;
}

/** @throws KitError `cluster-elsewhere` (exit 2) when another project has a cluster of this name */
export function assertNotElsewhere({ cluster }: Owner, { foreign }: SortedObjects): void {
  const problems = elsewhereProblems(cluster, foreign);
  if (problems.length > 0) throw usageError('cluster-elsewhere', problems);
}

/**
 * @param apps names of the cluster's applications
 * @throws KitError `name-taken` (exit 3) when something else in the engine has a name of the cluster
 */
export async function assertNamesFree(
  engine: Engine,
  { cluster }: Owner,
  apps: readonly string[] = [],
): Promise<void> {
  const problems = namesakeProblems(cluster, await findNamesakes(engine, cluster, apps));
  if (problems.length > 0) throw environmentError('name-taken', problems);
}

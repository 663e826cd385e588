import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { knownState, readState } from '../../clients/terraform/state/read-state.js';
import { idsIn } from '../../clients/terraform/state/state.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { readClusterSecrets, removeSecrets } from '../../cluster/keys/key-store.js';
import {
  type ClusterObject,
  findClusterObjects,
  removeObjects,
} from '../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../cluster/objects/data-conflict.js';
import { portConflict } from '../../cluster/objects/port-conflict.js';
import { tidyRegistry } from '../../registry/file/first-state.js';
import { assertNoConflict } from '../../registry/file/ownership.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import type { Facts } from '../common/stages/facts.js';

/**
 * Removes left-overs before an apply: containers and networks of this checkout that are not in Terraform's
 * state and would collide with new ones, because the run that created them was interrupted. Keeps volumes,
 * which may contain data; Terraform reuses them by name. Fails early on conflicts.
 *
 * @returns number of removed objects
 * @throws KitError `data-unfit`, `registry-conflict` (exit 2), `port-taken` (exit 3)
 */
export async function sweep(
  input: Omit<Facts, 'target' | 'auth' | 'startedImage' | 'databaseImage'>,
): Promise<number> {
  const state = knownState(await readState(input.stateFile));
  if (state === undefined) return 0;
  const known = idsIn(state);
  const engine = await connectEngine();
  const objects = await ownObjects(engine, input);
  assertDataFits(input.cluster, dataLayoutOf(input.version, input.connector), objects);
  await assertPlaceIsFree(engine, input);
  const orphans = objects.filter(({ kind, id }) => kind !== 'volume' && !known.has(id));
  await removeObjects(engine, orphans);
  return orphans.length;
}

/** Asserts that port and name are free, or the cluster's own. `cdktf deploy` has no earlier check. */
async function assertPlaceIsFree(
  engine: Engine,
  input: Parameters<typeof sweep>[0],
): Promise<void> {
  const { cluster, endpoint, registry, keyDirectory } = input;
  assertNoConflict(await readRegistry(registry), cluster, await readClusterSecrets(keyDirectory));
  await portConflict(engine, { name: cluster, port: Number(new URL(endpoint).port) });
}

/**
 * The last step of a destroy: removes all objects with the cluster's label, except its data. When no data is
 * left, it also removes the secrets for it, and their copies beside the registry.
 *
 * @returns number of removed objects
 */
export async function forget(
  input: Pick<Facts, 'cluster' | 'project' | 'keyDirectory' | 'registry'>,
): Promise<number> {
  const engine = await connectEngine();
  const objects = await ownObjects(engine, input);
  const data = objects.filter(({ role }) => role === 'data');
  const rest = objects.filter((object) => !data.includes(object));
  await removeObjects(engine, rest);
  if (data.length === 0) {
    await removeSecrets(input.keyDirectory);
    await tidyRegistry(input.registry);
  }
  return rest.length;
}

/** The cluster's objects in the engine that this checkout created. */
export async function ownObjects(
  engine: Engine,
  { cluster, project }: { readonly cluster: string; readonly project: string },
): Promise<ClusterObject[]> {
  const objects = await findClusterObjects(engine, cluster);
  return objects.filter((object) => object.project === project);
}

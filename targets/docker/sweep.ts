import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { idsIn } from '../../clients/terraform/state/ids.js';
import { knownState, readState } from '../../clients/terraform/state/read-state.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { readClusterSecrets, removeSecrets } from '../../cluster/keys/key-store.js';
import {
  type ClusterObject,
  findClusterObjects,
  removeObjects,
} from '../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../cluster/objects/data-conflict.js';
import { portConflict } from '../../cluster/objects/port-conflict.js';
import { assertNoConflict } from '../../registry/file/assert-no-conflict.js';
import { tidyRegistry } from '../../registry/file/first-state.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import type { Facts } from '../common/stages/facts.js';

/**
 * Clears the ground before an apply: containers and networks of this checkout that Terraform does
 * not know and would collide with, because the run that made them was cut before it could write
 * them down. Volumes stay: they are adopted by name, and may hold data. Before that it makes sure that
 * nothing will be created in vain.
 *
 * @returns how many objects went
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

/** Port and name are free, or the cluster's own: asked again here, where `cdktf deploy` begins. */
async function assertPlaceIsFree(
  engine: Engine,
  input: Parameters<typeof sweep>[0],
): Promise<void> {
  const { cluster, endpoint, registry, keyDirectory } = input;
  assertNoConflict(await readRegistry(registry), cluster, await readClusterSecrets(keyDirectory));
  await portConflict(engine, { name: cluster, port: Number(new URL(endpoint).port) });
}

/**
 * The last step of a destroy: what still carries the cluster's label goes, all but its data. When no
 * data is left, neither are secrets that would open it, nor copies of them beside the registry.
 *
 * @returns how many objects went
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

/** Everything of the cluster in the engine that this checkout made. */
export async function ownObjects(
  engine: Engine,
  { cluster, project }: { readonly cluster: string; readonly project: string },
): Promise<ClusterObject[]> {
  const objects = await findClusterObjects(engine, cluster);
  return objects.filter((object) => object.project === project);
}

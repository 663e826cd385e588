import { isIP } from 'node:net';
import type { Engine } from '../../clients/docker/connect.js';
import { knownState, readState } from '../../clients/terraform/state/read-state.js';
import { idsIn } from '../../clients/terraform/state/state.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { clusterOfKeys, removeIdentity } from '../../cluster/identity.js';
import { readClusterSecrets, removeSecrets } from '../../cluster/keys/key-store.js';
import { isAppRole } from '../../cluster/names.js';
import { removeObjects } from '../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../cluster/objects/data-conflict.js';
import { portConflict } from '../../cluster/objects/port-conflict.js';
import { removeApps } from '../../cluster/objects/remove-apps.js';
import { tidyRegistry } from '../../registry/file/first-state.js';
import { assertNoConflict } from '../../registry/file/ownership.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { assertSoleClaim, entryOwnerOf, type Owner, readOwner } from '../common/owner.js';
import type { Facts } from '../common/stages/facts.js';
import { assertEngineIsFree, sortedObjects } from './own-objects.js';

/**
 * Removes left-overs before an apply: containers and networks of this cluster that are not in Terraform's
 * state and would collide with new ones, because the run that created them was interrupted. Keeps volumes,
 * which may contain data; Terraform reuses them by name. Fails early on conflicts, because `cdktf deploy`
 * has no preflight.
 *
 * @returns number of removed objects
 * @throws KitError `data-unfit`, `registry-conflict`, `cluster-elsewhere`, `cluster-claimed-twice` (exit 2),
 *   `name-taken`, `port-taken` (exit 3)
 */
export async function sweep(
  input: Pick<
    Facts,
    'keyDirectory' | 'stateFile' | 'registry' | 'endpoint' | 'version' | 'connector'
  >,
  engine: Engine,
): Promise<number> {
  const state = knownState(await readState(input.stateFile));
  if (state === undefined) return 0;
  const known = idsIn(state);
  const owner = await ownerOf(input);
  const own = await assertEngineIsFree(engine, owner);
  assertDataFits(owner.cluster, dataLayoutOf(input.version, input.connector), own);
  await assertPlaceIsFree(engine, owner, input);
  const unknown = own.filter(({ kind, id }) => kind !== 'volume' && !known.has(id));
  // Terraform never knows applications. They go only with their network, which cannot go without them.
  const hasNetwork = unknown.some(({ kind, role }) => kind === 'network' && !isAppRole(role));
  const orphans = unknown.filter(({ role }) => hasNetwork || !isAppRole(role));
  await removeObjects(engine, orphans);
  return orphans.length;
}

/** Asserts that port and registry entry are free, or the cluster's own. */
async function assertPlaceIsFree(
  engine: Engine,
  owner: Owner,
  { keyDirectory, registry, endpoint }: Parameters<typeof sweep>[0],
): Promise<void> {
  const secrets = await readClusterSecrets(keyDirectory);
  const claim = { secrets, owner: entryOwnerOf(owner) };
  assertNoConflict(await readRegistry(registry), owner.cluster, claim);
  const { hostname, port } = new URL(endpoint);
  const address = hostname.replace(/^\[|\]$/g, '');
  const bind = isIP(address) > 0 ? address : undefined;
  await portConflict(engine, {
    name: owner.cluster,
    port: Number(port || 80),
    ...(bind && { bind }),
  });
}

/**
 * The first step of a destroy: removes the cluster's applications, which Terraform does not know. It cannot
 * remove a network that containers use.
 *
 * @returns number of removed objects
 */
export async function forgetApps(
  input: Pick<Facts, 'keyDirectory' | 'registry'>,
  engine: Engine,
): Promise<number> {
  const owner = await ownerOf(input);
  assertSoleClaim(owner);
  return removeApps(engine, owner);
}

/**
 * The last step of a destroy: removes all objects of the cluster, except its data. When no data is left, it
 * also removes the secrets for it, their copies beside the registry, and the identity.
 *
 * @param known what a caller has read before: the identity may be gone by now
 * @returns number of removed objects
 */
export async function forget(
  input: Pick<Facts, 'keyDirectory' | 'registry'>,
  engine: Engine,
  known?: Owner,
): Promise<number> {
  const owner = known ?? (await ownerOf(input));
  assertSoleClaim(owner);
  const apps = await removeApps(engine, owner);
  const { own } = await sortedObjects(engine, owner);
  const data = own.filter(({ role }) => role === 'data');
  const rest = own.filter((object) => !data.includes(object));
  await removeObjects(engine, rest);
  if (data.length === 0) {
    const secrets = await readClusterSecrets(input.keyDirectory);
    await tidyRegistry(input.registry, { owner: entryOwnerOf(owner), secrets });
    await removeSecrets(input.keyDirectory);
    await removeIdentity(owner.stateDir, owner.cluster);
  }
  return apps + rest.length;
}

function ownerOf({
  keyDirectory,
  registry,
}: Pick<Facts, 'keyDirectory' | 'registry'>): Promise<Owner> {
  const { stateDir, cluster } = clusterOfKeys(keyDirectory);
  return readOwner(stateDir, cluster, registry);
}

import type { Api } from '../../../clients/digitalocean/api.js';
import { withClusterLock } from '../../../cluster/lock.js';
import { findOrphans, type Orphan, type OrphanContext } from './orphans.js';
import { type Removal, removeKitObjects } from './remove-objects.js';

/**
 * Removes orphans after a second check. Locks the clusters of this project meanwhile, so that objects of a
 * running `up` are not removed as left-overs.
 *
 * @throws KitError `account-not-cleared`, `cluster-busy` (exit 3)
 */
export async function removeOrphans(
  api: Api,
  orphans: readonly Orphan[],
  context: OrphanContext,
): Promise<Removal[]> {
  const ours = orphans.filter(({ why }) => OURS.includes(why));
  const clusters = [...new Set(ours.flatMap(({ object }) => object.cluster ?? []))].sort();
  const remove = async () => {
    const still = new Set((await findOrphans(api, context)).map(keyOf));
    const objects = orphans.filter((orphan) => still.has(keyOf(orphan)));
    const bounds = { timeoutMs: REMOVAL_MS, signal: context.signal };
    return removeKitObjects(
      api,
      objects.map(({ object }) => object),
      bounds,
    );
  };
  const locked = clusters.reduce<() => Promise<Removal[]>>(
    (work, cluster) => () =>
      withClusterLock({ ...context, cluster, command: 'clusterkit sweep' }, work),
    remove,
  );
  return locked();
}

/** Reasons whose clusters are locked: a running `up` or `down` of this project may change their objects. */
const OURS: readonly Orphan['why'][] = ['unknown-to-state', 'kept-data', 'state-lost'];

const REMOVAL_MS = 180_000;

const keyOf = ({ object: { kind, id } }: Orphan) => `${kind} ${id}`;

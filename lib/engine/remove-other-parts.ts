import { CONTAINER_ROLES } from '../cluster-names.js';
import { findClusterObjects } from './cluster-objects.js';
import type { Engine } from './connect.js';
import { removeContainer } from './remove-container.js';

/**
 * Removes the containers of a cluster that it has no more, such as a gateway: one may still have the
 * port that another is to get.
 */
export async function removeOtherParts(
  engine: Engine,
  cluster: string,
  wanted: readonly string[],
): Promise<void> {
  const objects = await findClusterObjects(engine, cluster);
  const known: readonly (string | undefined)[] = CONTAINER_ROLES;
  for (const { kind, id, role } of objects) {
    if (kind !== 'container' || !known.includes(role) || wanted.includes(role ?? '')) continue;
    await removeContainer(engine, id);
  }
}

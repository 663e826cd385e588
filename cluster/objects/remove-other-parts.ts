import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { CONTAINER_ROLES } from '../names.js';
import { findClusterObjects } from './cluster-objects.js';

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

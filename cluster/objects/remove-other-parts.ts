import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { CONTAINER_ROLES } from '../names.js';
import { findClusterObjects } from './cluster-objects.js';

/**
 * Removes containers that the cluster no longer has, such as a gateway: one may still use the port of
 * another.
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

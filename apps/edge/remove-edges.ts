import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { findEdges } from './find-edges.js';

/** Removes all edges of a cluster; the volume with their configuration stays. */
export async function removeEdges(engine: Engine, cluster: string): Promise<void> {
  const edges = await findEdges(engine, cluster);
  await Promise.all(edges.map(({ container }) => removeContainer(engine, container.id)));
}

import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { objectName } from '../../cluster/names.js';

/** Removes what runs functions, if it is there; the volumes stay. */
export async function removeRuntime(engine: Engine, cluster: string): Promise<void> {
  for (const role of ['activator', 'waker'] as const) {
    await removeContainer(engine, objectName(cluster, role));
  }
}

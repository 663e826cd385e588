import { removeContainer } from '../../clients/docker/remove-container.js';
import type { AppsHost } from '../host.js';
import { findInstances } from './find-instances.js';

/** Removes the containers of a release that never served: an earlier run was interrupted. */
export async function removeRelease(
  { engine, marks }: Pick<AppsHost, 'engine' | 'marks'>,
  app: string,
  release: string,
): Promise<void> {
  for (const each of await findInstances(engine, marks.cluster)) {
    if (each.app === app && each.release === release) await removeContainer(engine, each.id);
  }
}

import type { Engine } from '../../clients/docker/connect.js';
import { isAppRole } from '../names.js';
import { findClusterObjects, removeObjects } from './cluster-objects.js';
import { type AppsOwner, ownApps, ownBuiltApps } from './own-apps.js';
import { sortObjects } from './own-objects.js';
import { removeOldImages } from './remove-old-images.js';

/**
 * Removes all that a cluster's applications have in an engine: containers, then volumes and networks, then images.
 * The cluster itself stays, and so does what belongs to somebody else. What is already gone is no error.
 *
 * @returns number of removed objects, without images
 */
export async function removeApps(engine: Engine, owner: AppsOwner): Promise<number> {
  const { own } = sortObjects(await findClusterObjects(engine, owner.cluster), owner);
  const found = own.filter(({ role }) => isAppRole(role));
  const apps = await ownApps(engine, owner);
  await removeObjects(engine, found);
  await removeAppImages(engine, owner, apps);
  return found.length;
}

/**
 * Removes the images of a cluster's applications from an engine: also from one that only built them.
 *
 * @param apps names of those whose images may have no labels of ours, such as pulled ones. @default - none
 * @returns the references that are gone
 */
export async function removeAppImages(
  engine: Engine,
  owner: AppsOwner,
  apps: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const gone: string[] = [];
  for (const app of new Set([...apps, ...(await ownBuiltApps(engine, owner))])) {
    const all = { cluster: owner.cluster, app, releases: [] };
    gone.push(...(await removeOldImages(engine, all)));
  }
  return gone;
}

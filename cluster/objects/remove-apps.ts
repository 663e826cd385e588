import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { isAppRole, LABEL } from '../names.js';
import { findClusterObjects, removeObjects } from './cluster-objects.js';
import { type ObjectOwner, sortObjects } from './own-objects.js';

/** Prefix of the tags of images that are built for a cluster's applications. */
export const appImagePrefix = (cluster: string): string => `clusterkit-app/${cluster}-`;

/**
 * Removes all that a cluster's applications have in an engine: containers, then volumes and networks, then the
 * images that were built for them. The cluster itself stays, and so does what belongs to somebody else. What is
 * already gone is no error.
 *
 * @returns number of removed objects, without images
 */
export async function removeApps(
  engine: Engine,
  owner: ObjectOwner & { readonly cluster: string },
): Promise<number> {
  const { own } = sortObjects(await findClusterObjects(engine, owner.cluster), owner);
  const found = own.filter(({ role }) => isAppRole(role));
  await removeObjects(engine, found);
  await removeAppImages(engine, owner);
  return found.length;
}

/** Removes the images that were built in an engine for a cluster's applications. @returns their tags */
export async function removeAppImages(
  engine: Engine,
  owner: ObjectOwner & { readonly cluster: string },
): Promise<readonly string[]> {
  const { own } = sortObjects(await findAppImages(engine, owner.cluster), owner);
  const tags = own.flatMap((image) => image.tags);
  for (const tag of tags) {
    // 409: a container of somebody else uses it.
    await engine.getImage(tag).remove().catch(unlessStatus(404, 409));
  }
  return tags;
}

/** The label decides: the tags of a cluster `one-two` begin as those of a cluster `one`. */
async function findAppImages(engine: Engine, cluster: string) {
  const prefix = appImagePrefix(cluster);
  const filters = { label: [`${LABEL.cluster}=${cluster}`], reference: [`${prefix}*`] };
  const images = await engine.listImages({ filters: JSON.stringify(filters) });
  return images.map(({ Id, RepoTags, Labels }) => ({
    ...{ kind: 'image' as const, id: Id },
    identity: Labels?.[LABEL.identity],
    project: Labels?.[LABEL.project],
    tags: (RepoTags ?? []).filter((tag) => tag.startsWith(prefix)),
  }));
}

const unlessStatus =
  (...expected: number[]) =>
  (error: unknown) => {
    if (!expected.includes(statusOf(error) ?? 0)) throw error;
  };

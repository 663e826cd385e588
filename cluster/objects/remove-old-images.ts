import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { appRepository, releaseOfTag } from './app-image.js';

/** Input of {@link removeOldImages}. */
export interface ImagesToKeep {
  readonly cluster: string;
  readonly app: string;
  /** Releases whose images stay, such as the last five. Empty: all go. */
  readonly releases: readonly string[];
}

/**
 * Removes the tags of an application's former releases, and what nothing else uses of their images. The last name of
 * an image stays while a container, running or not, was made of it. Images with other names stay under these.
 *
 * @returns the references that are gone, sorted
 */
export async function removeOldImages(
  engine: Engine,
  { cluster, app, releases }: ImagesToKeep,
): Promise<string[]> {
  const repository = appRepository(cluster, app);
  const images = await engine.listImages({ filters: { reference: [repository] } });
  const old = images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((reference) => reference.startsWith(`${repository}:`))
    .filter((reference) => {
      const release = releaseOfTag(reference.slice(repository.length + 1));
      return !releases.includes(release);
    })
    .sort();
  const gone: string[] = [];
  for (const reference of old) if (await remove(engine, reference)) gone.push(reference);
  return gone;
}

async function remove(engine: Engine, reference: string): Promise<boolean> {
  try {
    await engine.getImage(reference).remove();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    // It is the last name of the image of a container.
    if (statusOf(error) === 409) return false;
    throw error;
  }
}

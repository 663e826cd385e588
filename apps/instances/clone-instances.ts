import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { environmentError } from '../../lib/errors.js';
import type { Release } from '../document/document.js';
import type { AppsHost } from '../host.js';
import { cloneOptions } from './clone-instance.js';
import { secretValues } from './secret-values.js';
import { awaitServing } from './start-instances.js';

/**
 * Makes as many instances as a release has, like its first container, and waits until they can serve; those that exist
 * are used again. When one cannot serve, those that were made go again.
 *
 * @param as id of the release that they are of: the same, or a new one
 * @returns their names
 * @throws KitError `release-gone`, `app-ended`, `app-unhealthy` (exit 3)
 */
export async function cloneInstances(
  host: AppsHost,
  name: string,
  release: Release,
  as: string,
): Promise<string[]> {
  const { engine } = host;
  const from = await firstOf(host, name, release);
  const made: string[] = [];
  const all = release.instances.map((_, index) =>
    cloneOptions(from, { release: as, number: index + 1 }),
  );
  try {
    for (const options of all) {
      if (await exists(engine, options.name)) continue;
      await engine.createContainer(options);
      made.push(options.name);
    }
    const started = release.kind === 'function' ? all.slice(0, 1) : all;
    await Promise.all(
      started.map(async (options) => {
        await startIfStopped(engine.getContainer(options.name));
        const secrets = await secretValues(engine, options.name);
        await awaitServing(host, options.name, { ...release, name }, secrets);
      }),
    );
    return all.map((options) => options.name);
  } catch (error) {
    for (const each of made) await removeContainer(engine, each);
    throw error;
  }
}

async function firstOf({ engine, marks }: AppsHost, name: string, { id, instances }: Release) {
  for (const instance of instances) {
    const found = await inspect(engine, instance);
    if (found !== undefined) return found;
  }
  throw environmentError('release-gone', {
    path: `clusters.${marks.cluster}.apps.${name}`,
    message: `the containers of release ${id} are gone, and with them its variables and secrets`,
    hint: `Run \`clusterkit app deploy ${marks.cluster} ${name}\`.`,
  });
}

const exists = async (engine: Engine, name: string) => (await inspect(engine, name)) !== undefined;

const inspect = (engine: Engine, name: string) =>
  engine
    .getContainer(name)
    .inspect()
    .catch((error: unknown): Docker.ContainerInspectInfo | undefined => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });

async function startIfStopped(container: Docker.Container): Promise<void> {
  const { State } = await container.inspect();
  if (State.Paused) await container.unpause();
  else if (!State.Running) await container.start();
}

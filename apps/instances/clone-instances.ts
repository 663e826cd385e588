import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { isNetworkGone } from '../../clients/docker/network-gone.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import type { EngineOptions } from '../../cluster/containers/engine-options.js';
import { environmentError } from '../../lib/errors.js';
import type { Release } from '../document/document.js';
import type { AppsHost } from '../host.js';
import { cloneOptions } from './clone-instance.js';
import { secretValues } from './secret-values.js';
import { awaitServing } from './start-instances.js';
import { stopInstance } from './stop-instance.js';

/**
 * Makes as many instances as a release has, like its first container, and waits until they can serve; those that exist
 * are used again. When one cannot serve, those that were made go again, and those that were stopped stop again.
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
  const started: string[] = [];
  const all = release.instances.map((_, index) =>
    cloneOptions(from, { release: as, number: index + 1 }),
  );
  try {
    for (const options of all) {
      if ((await inspect(engine, options.name)) !== undefined) continue;
      await create(host, name, release, options);
      made.push(options.name);
    }
    const needed = release.kind === 'function' ? all.slice(0, 1) : all;
    await Promise.all(
      needed.map(async (options) => {
        if ((await start(engine, options)) === 'started') started.push(options.name);
        const secrets = await secretValues(engine, options.name);
        await awaitServing(host, options.name, { ...release, name }, secrets);
      }),
    );
    return all.map((options) => options.name);
  } catch (error) {
    for (const each of made) await removeContainer(engine, each);
    for (const each of started) await stopInstance(engine, each);
    throw error;
  }
}

async function firstOf(host: AppsHost, name: string, { id, instances }: Release) {
  for (const instance of instances) {
    const found = await inspect(host.engine, instance);
    if (found !== undefined) return found;
  }
  const what = `the containers of release ${id} are gone, and with them its variables and secrets`;
  throw gone(host, name, what);
}

async function create(host: AppsHost, name: string, { id }: Release, options: EngineOptions) {
  try {
    await host.engine.createContainer(options);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw gone(host, name, `the image of release ${id} is gone`, error);
  }
}

const gone = ({ marks: { cluster } }: AppsHost, name: string, message: string, cause?: unknown) =>
  environmentError('release-gone', {
    path: `clusters.${cluster}.apps.${name}`,
    message,
    hint: `Run \`clusterkit app deploy ${cluster} ${name} --force\`, which makes a new release.`,
    cause,
  });

const inspect = (engine: Engine, name: string) =>
  engine
    .getContainer(name)
    .inspect()
    .catch((error: unknown): Docker.ContainerInspectInfo | undefined => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });

async function start(engine: Engine, options: EngineOptions): Promise<'started' | 'already so'> {
  const container = engine.getContainer(options.name);
  const { State } = await container.inspect();
  if (State.Paused) await container.unpause();
  if (State.Running) return 'already so';
  try {
    await container.start();
  } catch (error) {
    if (!isNetworkGone(error)) throw error;
    await removeContainer(engine, options.name);
    await (await engine.createContainer(options)).start();
  }
  return 'started';
}

import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { isNetworkGone } from '../../clients/docker/network-gone.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { environmentError } from '../../lib/errors.js';
import { LABEL } from '../names.js';

/** A container with its name, as the engine's API expects it. */
export type ContainerPlan = Docker.ContainerCreateOptions & { readonly name: string };

/** Result of an ensure step. */
export type EnsureOutcome = 'already so' | 'created' | 'started' | 'replaced';

/** Creates the network unless it exists. */
export async function ensureNetwork(
  engine: Engine,
  spec: Docker.NetworkCreateOptions,
): Promise<EnsureOutcome> {
  const found = await unlessMissing(engine.getNetwork(spec.Name).inspect());
  if (found === undefined) {
    await engine.createNetwork(spec);
    return 'created';
  }
  assertOurs(spec.Name, found.Labels, spec.Labels);
  return 'already so';
}

/**
 * Creates the volume unless it exists. Keeps one on another device, because it may contain data.
 * @throws KitError `volume-differs` (exit 3)
 */
export async function ensureVolume(
  engine: Engine,
  spec: Docker.VolumeCreateOptions & { readonly Name: string },
): Promise<EnsureOutcome> {
  const found = await unlessMissing(engine.getVolume(spec.Name).inspect());
  if (found === undefined) {
    await engine.createVolume(spec);
    return 'created';
  }
  assertOurs(spec.Name, found.Labels, spec.Labels);
  const [actual, wanted] = [found.Options?.device, spec.DriverOpts?.device];
  if (actual === wanted) return 'already so';
  throw environmentError('volume-differs', {
    path: spec.Name,
    message: `the data is ${placeOf(actual)}, but the settings place it ${placeOf(wanted)}`,
    hint: 'Restore the former setting `volume`; or save the data and run `down` and `up`.',
  });
}

/**
 * Creates, replaces or starts the container, so that one of exactly this specification runs.
 * @throws KitError `name-taken` (exit 3) when another cluster's object has this name
 */
export async function ensureContainer(engine: Engine, spec: ContainerPlan): Promise<EnsureOutcome> {
  const container = engine.getContainer(spec.name);
  const found = await unlessMissing(container.inspect());
  if (found !== undefined) {
    const { Labels } = found.Config;
    assertOurs(spec.name, Labels, spec.Labels);
    if (Labels[LABEL.spec] === spec.Labels?.[LABEL.spec]) {
      if (found.State.Running || found.State.Restarting) return 'already so';
      if (await startsAgain(container)) return 'started';
    }
    if (found.State.Running)
      await container.stop({ t: spec.StopTimeout ?? 10 }).catch(unlessStatus(304));
    await removeContainer(engine, spec.name);
  }
  await (await engine.createContainer(spec)).start();
  return found === undefined ? 'created' : 'replaced';
}

/** A container keeps the id of its network, and cannot start when that was made anew: then it has to be made anew, too. */
async function startsAgain(container: Docker.Container): Promise<boolean> {
  try {
    await container.start();
    return true;
  } catch (error) {
    if (isNetworkGone(error)) return false;
    throw error;
  }
}

function assertOurs(
  name: string,
  found: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): void {
  if (found?.[LABEL.cluster] === wanted?.[LABEL.cluster]) return;
  throw environmentError('name-taken', {
    path: name,
    message: 'the engine has an object of this name that does not belong to this cluster',
    hint: 'Rename or remove it, then run the command again.',
  });
}

const placeOf = (device: string | undefined) =>
  device === undefined ? 'on the disk of the droplet' : `on ${device}`;

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
}

const unlessStatus = (status: number) => (error: unknown) => {
  if (statusOf(error) !== status) throw error;
};

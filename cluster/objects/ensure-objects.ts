import type Docker from 'dockerode';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { environmentError } from '../../lib/errors.js';
import { LABEL } from '../names.js';

/** A container with its name, as the engine's API takes it. */
export type ContainerPlan = Docker.ContainerCreateOptions & { readonly name: string };

/** What a step found and did. */
export type EnsureOutcome = 'already so' | 'created' | 'started' | 'replaced';

/** The network is there. */
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
 * The volume is there. One that is kept elsewhere than told is left alone: it may hold data.
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
  const [here, told] = [found.Options?.device, spec.DriverOpts?.device];
  if (here === told) return 'already so';
  throw environmentError('volume-differs', {
    path: spec.Name,
    message: `the data is kept ${placeOf(here)}, and the settings want it ${placeOf(told)}`,
    hint: 'Bring back the setting `volume` as it was; or save the data, and take the cluster down and up again.',
  });
}

/**
 * The container is there, made from this specification, and runs. One made from another is replaced.
 * @throws KitError `name-taken` (exit 3) when one of that name is not of this cluster
 */
export async function ensureContainer(engine: Engine, spec: ContainerPlan): Promise<EnsureOutcome> {
  const container = engine.getContainer(spec.name);
  const found = await unlessMissing(container.inspect());
  if (found !== undefined) {
    const { Labels } = found.Config;
    assertOurs(spec.name, Labels, spec.Labels);
    if (Labels[LABEL.spec] === spec.Labels?.[LABEL.spec]) {
      if (found.State.Running || found.State.Restarting) return 'already so';
      await container.start();
      return 'started';
    }
    if (found.State.Running)
      await container.stop({ t: spec.StopTimeout ?? 10 }).catch(unlessStatus(304));
    await removeContainer(engine, spec.name);
  }
  await (await engine.createContainer(spec)).start();
  return found === undefined ? 'created' : 'replaced';
}

function assertOurs(
  name: string,
  found: Readonly<Record<string, string>> | undefined,
  told: Readonly<Record<string, string>> | undefined,
): void {
  if (found?.[LABEL.cluster] === told?.[LABEL.cluster]) return;
  throw environmentError('name-taken', {
    path: name,
    message: 'the engine has something of this name that is not of this cluster',
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

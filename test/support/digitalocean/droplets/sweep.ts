import type Docker from 'dockerode';
import { DiskShelf, SHELF_LABEL } from './disk-shelf.js';
import { hasEnded, OWNER_LABEL, RUN_LABEL } from './owner.js';

/** Names of all that a run has in the engine, or all runs; sorted. */
export async function tracesOfDroplets(docker: Docker, runName?: string): Promise<string[]> {
  const { containers, networks, volumes } = await objectsOf(docker, runName);
  return [
    ...containers.map(({ Names, Id }) => Names[0]?.slice(1) ?? Id),
    ...networks.map(({ Name }) => Name),
    ...volumes.map(({ Name }) => Name),
  ].sort();
}

/**
 * Removes all that a run has in the engine, in whatever state: droplets first, then the disks that
 * they have open. Goes on after a failure; the first one comes out at the end.
 */
export async function removeRun(docker: Docker, runName: string): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error) => failures.push(error));
  const { containers, networks, volumes } = await objectsOf(docker, runName);
  const remove = (id: string) => attempt(docker.getContainer(id).remove({ force: true, v: true }));
  const isShelf = ({ Labels }: Docker.ContainerInfo) => Labels[SHELF_LABEL] !== undefined;
  await Promise.all(containers.filter((one) => !isShelf(one)).map(({ Id }) => remove(Id)));
  for (const { Id, State } of containers.filter(isShelf)) {
    const container = docker.getContainer(Id);
    if (State !== 'running') await attempt(container.start());
    await attempt(new DiskShelf(container).detachAll());
    await remove(Id);
  }
  for (const { Name } of volumes) await attempt(docker.getVolume(Name).remove({ force: true }));
  for (const { Id } of networks) await attempt(docker.getNetwork(Id).remove());
  if (failures.length > 0) throw failures[0];
}

/** Removes what test processes left that have ended. Another one may do the same at the same time. */
export async function sweepDroplets(docker: Docker): Promise<void> {
  const { containers, networks, volumes } = await objectsOf(docker, undefined);
  const dead = [...containers, ...networks, ...volumes]
    .map(({ Labels }) => Labels ?? {})
    .filter((labels) => hasEnded(labels[OWNER_LABEL] ?? ''))
    .map((labels) => labels[RUN_LABEL] ?? '');
  for (const name of new Set(dead)) await removeRun(docker, name).catch(() => {});
}

async function objectsOf(docker: Docker, runName: string | undefined) {
  const filters = { label: [runName === undefined ? RUN_LABEL : `${RUN_LABEL}=${runName}`] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return { containers, networks, volumes: Volumes ?? [] };
}

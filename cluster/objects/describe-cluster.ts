import type { Engine } from '../../clients/docker/connect.js';
import { findImage } from '../../clients/docker/find-image.js';
import { isAppRole } from '../names.js';
import { findClusterObjects } from './cluster-objects.js';

/**
 * A description of a cluster's objects in the engine, without what changes by mere running. Two equal
 * descriptions mean that nothing was changed, stopped, replaced or removed in between. Applications are no part
 * of it: they come and go on their own.
 */
export async function describeCluster(
  engine: Engine,
  cluster: string,
  images: readonly string[],
): Promise<unknown> {
  const objects = await findClusterObjects(engine, cluster);
  const parts = objects.filter(({ role }) => !isAppRole(role));
  const described = parts.map(async ({ kind, id }) => {
    if (kind === 'volume') return engine.getVolume(id).inspect();
    if (kind === 'network') {
      const { Containers: _, ...network } = await engine.getNetwork(id).inspect();
      return network;
    }
    const container = await engine.getContainer(id).inspect();
    const { Id, Image, Config, HostConfig, State, NetworkSettings } = container;
    const networks = Object.keys(NetworkSettings.Networks);
    return { Id, Image, Config, HostConfig, running: State.Running && !State.Restarting, networks };
  });
  const all = [...(await Promise.all(described)), ...images.map((each) => findImage(engine, each))];
  const texts = (await Promise.all(all)).map((part) => JSON.stringify(part) ?? 'absent');
  return texts.sort();
}

import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import type { Engine } from '../../clients/docker/connect.js';
import { CONFIG_DIRECTORY, LABEL } from '../names.js';

/** The configuration volume of a cluster, and an image to access it with. */
export interface VolumeProps {
  readonly cluster: string;
  /** State directory of the checkout. */
  readonly project: string;
  readonly volume: string;
  /** Any image that the engine has: a container of it is created, never started. */
  readonly image: string;
}

/** Calls `work` with a container that mounts the volume at {@link CONFIG_DIRECTORY}; then removes it. */
export async function withCourier<T>(
  engine: Engine,
  { cluster, project, volume, image }: VolumeProps,
  work: (courier: Docker.Container) => Promise<T>,
): Promise<T> {
  const courier = await engine.createContainer({
    name: `clusterkit-${cluster}-courier-${randomBytes(4).toString('hex')}`,
    Image: image,
    Entrypoint: ['/bin/true'],
    Labels: { [LABEL.cluster]: cluster, [LABEL.project]: project, [LABEL.role]: 'courier' },
    HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: CONFIG_DIRECTORY }] },
  });
  try {
    return await work(courier);
  } finally {
    // `v`: an image that declares volumes adds anonymous ones to the courier.
    await courier.remove({ force: true, v: true });
  }
}

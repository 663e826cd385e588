import { engine } from './engine-traces.js';
import { IMAGES } from './test-cluster.js';

/**
 * A container and a volume that belong to the applications of a cluster which is up, as the kit would make them: in
 * the cluster's network, with its labels. @returns id of the container
 */
export async function toyApp(cluster: string): Promise<string> {
  const nameOf = (role: string) => `clusterkit-${cluster}-${role}`;
  const { Config } = await engine.getContainer(nameOf('server')).inspect();
  const labels = (role: string) => {
    const marks = ['cluster', 'project', 'identity'].map((mark) => `dev.clusterkit.${mark}`);
    const own = marks.map((name) => [name, Config.Labels[name] ?? '']);
    return { ...Object.fromEntries(own), 'dev.clusterkit.role': role };
  };
  await engine.createVolume({ Name: nameOf('apps'), Labels: labels('apps') });
  const container = await engine.createContainer({
    name: nameOf('app-web-r1-1'),
    Image: IMAGES.database,
    Entrypoint: ['sleep', '3600'],
    Labels: { ...labels('app'), 'dev.clusterkit.app': 'web', 'dev.clusterkit.release': 'r1' },
    HostConfig: {
      ...{ Init: true, NetworkMode: nameOf('network') },
      Mounts: [{ Type: 'volume', Source: nameOf('apps'), Target: '/apps' }],
    },
  });
  await container.start();
  return container.id;
}

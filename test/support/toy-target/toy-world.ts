import type { Engine } from '../../../clients/docker/connect.js';
import { LABEL, objectName } from '../../../cluster/names.js';
import type { Machine } from '../../../targets/machine.js';
import { lockedServer } from '../locked-server.js';

/** What exists of toy clusters: machines with their containers, and one server process. */
export class ToyWorld {
  private readonly clusters = new Map<string, { endpoint: string; machines: number }>();

  async start(cluster: string, machines: number, publicKey: string): Promise<string> {
    const running = this.clusters.get(cluster);
    const endpoint = running?.endpoint ?? (await lockedServer(publicKey)).host;
    this.clusters.set(cluster, { endpoint, machines });
    return endpoint;
  }

  stop(cluster: string): void {
    this.clusters.delete(cluster);
  }

  endpoint(cluster: string): string | null {
    return this.clusters.get(cluster)?.endpoint ?? null;
  }

  machinesOf(cluster: string): Machine[] {
    const { machines = 0 } = this.clusters.get(cluster) ?? {};
    return Array.from({ length: machines }, (_, index) => ({
      name: `machine-${index + 1}`,
      engine: engineWith(cluster, index === 0 ? ['database', 'server'] : ['server']),
      close: () => {},
    }));
  }
}

/** As much of an engine as lists containers. */
const engineWith = (cluster: string, roles: readonly ('database' | 'server')[]) =>
  ({
    listContainers: async () =>
      roles.map((role) => ({
        Id: `${cluster}-${role}`,
        Names: [`/${objectName(cluster, role)}`],
        State: 'running',
        Labels: { [LABEL.cluster]: cluster, [LABEL.role]: role },
      })),
    listNetworks: async () => [],
    listVolumes: async () => ({ Volumes: [] }),
  }) as unknown as Engine;

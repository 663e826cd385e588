import { serverContainer } from '../../cluster/configuration/server-container.js';
import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';
import type { ContainerDescription } from '../../cluster/containers/container-description.js';
import type { ContainersProps } from '../../cluster/containers/containers-props.js';
import { describeContainers } from '../../cluster/containers/describe-containers.js';
import { localMemoryPlan } from '../../cluster/containers/memory-plan.js';
import { serverConnections } from '../../cluster/settings/server-connections.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';

/** What {@link describeLocal} takes. */
export interface LocalContainersProps {
  readonly settings: Pick<ClusterSettings, 'name' | 'port' | 'server' | 'database' | 'gateway'>;
  readonly marks: ClusterMarks;
  /** Address on which the port is published. @default 127.0.0.1 */
  readonly bind?: string | undefined;
  readonly images: ContainersProps['images'];
  /** Limits in MB. @default - server 1024, database 512 */
  readonly memory?: { readonly server?: number; readonly database?: number } | undefined;
}

/** The containers of a cluster on this machine's engine: reached where its port is published. */
export function describeLocal(props: LocalContainersProps): ContainerDescription[] {
  const { settings, marks, images, bind = '127.0.0.1' } = props;
  const { server, database } = settings;
  const isRelayed = database.external !== undefined;
  const connections = serverConnections(settings);
  const custom = {
    ...(server.memoryMb !== undefined && { server: server.memoryMb }),
    ...(database.memoryMb !== undefined && { database: database.memoryMb }),
    ...props.memory,
  };
  return describeContainers({
    ...marks,
    images,
    connector: settings.database.connector,
    isRelayed,
    start: serverContainer(settings.server),
    publish: { ip: bind, port: settings.port },
    memory: localMemoryPlan({ isRelayed, connections, custom }),
    connections,
    javaOptions: server.javaOptions,
  });
}

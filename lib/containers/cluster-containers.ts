import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { CONFIG_DIRECTORY, LABEL, objectName, type Role, SERVER_PORT } from '../cluster-names.js';
import { type Connector, DATABASE_HOST, DATABASES } from '../databases.js';
import type { MemoryPlan } from './memory-plan.js';

/** What the parts of a cluster are made from. Nothing in it is secret. */
export interface ClusterContainersProps {
  readonly cluster: string;
  /** State directory of the checkout: the label on everything of it. */
  readonly project: string;
  /** Ids of the images, so that a tag which moved is seen. */
  readonly images: { readonly server: string; readonly database: string };
  readonly connector: Connector;
  /** How the server is started: see `lib/server/server-container.ts`. */
  readonly start: {
    readonly environment: Readonly<Record<string, string>>;
    readonly entrypoint?: readonly string[];
  };
  /** Address and port of the machine where the server is reached. */
  readonly publish: { readonly ip: string; readonly port: number };
  readonly memory: MemoryPlan;
  /** Directory of the machine for the data. @default - the engine's own */
  readonly dataDirectory?: string | undefined;
  /** Of what the configuration volume holds: another one makes other containers. */
  readonly configurationDigest: string;
}

/** What containers of a cluster stand on, as calls of the engine's API take it. */
export interface ClusterGround {
  readonly network: Docker.NetworkCreateOptions & { readonly Name: string };
  readonly volumes: readonly (Docker.VolumeCreateOptions & { readonly Name: string })[];
}

/** The containers of a cluster, as calls of the engine's API take them. */
export interface ClusterContainers {
  readonly database: ContainerSpec;
  readonly server: ContainerSpec;
}

/** A container with its name. */
export type ContainerSpec = Docker.ContainerCreateOptions & { readonly name: string };

const SECOND_NS = 1_000_000_000;
const MIB = 1024 * 1024;

/** Network and volumes of a cluster on an engine, alike wherever the engine is. */
export function clusterGround(
  props: Pick<ClusterContainersProps, 'cluster' | 'project' | 'dataDirectory'>,
): ClusterGround {
  const { cluster, dataDirectory } = props;
  const labels = labelsOf(props);
  const volume = (role: 'data' | 'config', device?: string) => ({
    Name: objectName(cluster, role),
    Labels: labels(role),
    ...(device !== undefined && {
      Driver: 'local',
      DriverOpts: { type: 'none', o: 'bind', device },
    }),
  });
  return {
    network: { Name: objectName(cluster, 'network'), Driver: 'bridge', Labels: labels('network') },
    volumes: [volume('data', dataDirectory), volume('config')],
  };
}

/** The containers of a cluster on an engine, alike wherever the engine is. */
export function clusterContainers(props: ClusterContainersProps): ClusterContainers {
  const { cluster, images, connector, start, publish, memory } = props;
  const facts = DATABASES[connector];
  return {
    database: container(props, 'database', {
      Image: images.database,
      Env: list(facts.environment),
      StopTimeout: 30,
      Healthcheck: {
        Test: ['CMD-SHELL', facts.query],
        Interval: 10 * SECOND_NS,
        Timeout: 5 * SECOND_NS,
        StartPeriod: 30 * SECOND_NS,
        Retries: 3,
      },
      HostConfig: {
        ...hostOf(memory.database),
        ShmSize: 128 * MIB,
        Mounts: [
          { Type: 'volume', Source: objectName(cluster, 'data'), Target: facts.dataDirectory },
          configMount(cluster),
        ],
      },
    }),
    server: container(props, 'server', {
      Image: images.server,
      Env: list({ JAVA_OPTS: `-Xmx${memory.serverHeap}m`, ...start.environment }),
      ...(start.entrypoint && { Entrypoint: [...start.entrypoint] }),
      StopTimeout: 10,
      ExposedPorts: { [`${SERVER_PORT}/tcp`]: {} },
      HostConfig: {
        ...hostOf(memory.server),
        Mounts: [configMount(cluster)],
        PortBindings: {
          [`${SERVER_PORT}/tcp`]: [{ HostIp: publish.ip, HostPort: String(publish.port) }],
        },
      },
    }),
  };
}

function container(
  props: ClusterContainersProps,
  role: 'database' | 'server',
  options: Docker.ContainerCreateOptions,
): ContainerSpec {
  const network = objectName(props.cluster, 'network');
  const spec = {
    ...options,
    name: objectName(props.cluster, role),
    NetworkingConfig: {
      EndpointsConfig: { [network]: { Aliases: [role === 'database' ? DATABASE_HOST : role] } },
    },
    HostConfig: { ...options.HostConfig, NetworkMode: network },
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([spec, props.configurationDigest]))
    .digest('hex');
  return { ...spec, Labels: { ...labelsOf(props)(role), [LABEL.spec]: digest } };
}

const labelsOf =
  ({ cluster, project }: Pick<ClusterContainersProps, 'cluster' | 'project'>) =>
  (role: Role) => ({
    [LABEL.cluster]: cluster,
    [LABEL.project]: project,
    [LABEL.role]: role,
  });

const hostOf = (memoryMb: number): Docker.HostConfig => ({
  Init: true,
  RestartPolicy: { Name: 'unless-stopped' },
  Memory: memoryMb * MIB,
  MemorySwap: 2 * memoryMb * MIB,
  LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
});

const configMount = (cluster: string): Docker.MountSettings => ({
  Type: 'volume',
  Source: objectName(cluster, 'config'),
  Target: CONFIG_DIRECTORY,
  ReadOnly: true,
});

const list = (environment: Readonly<Record<string, string>>) =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

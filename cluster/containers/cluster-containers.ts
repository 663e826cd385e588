import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { type Connector, DATABASE_HOST } from '../databases.js';
import {
  type ContainerRole,
  GATEWAY_PORT,
  LABEL,
  objectName,
  type Role,
  SERVER_PORT,
} from '../names.js';
import { configMount, environmentList, hostOf } from './container-defaults.js';
import { databaseOptions } from './database-container.js';
import { FIXED_MB, type MemoryPlan } from './memory-plan.js';
import { proxyOptions } from './proxy-container.js';

/** What the parts of a cluster are made from. Nothing in it is secret. */
export interface ClusterContainersProps {
  readonly cluster: string;
  /** State directory of the checkout: the label on everything of it. */
  readonly project: string;
  /** Ids of the images, so that a tag which moved is seen. */
  readonly images: {
    readonly server: string;
    readonly database: string;
    /** @default - no gateway */
    readonly gateway?: string | undefined;
    /** @default - no proxy: plain http */
    readonly proxy?: string | undefined;
  };
  readonly connector: Connector;
  /** How the server is started: see `cluster/configuration/server-container.ts`. */
  readonly start: {
    readonly environment: Readonly<Record<string, string>>;
    readonly entrypoint?: readonly string[];
  };
  /** The database is elsewhere: how the relay to it is run. @default - the database is here */
  readonly relay?: { readonly command: readonly string[]; readonly query: string } | undefined;
  /** Address and port of the machine where the cluster is reached. */
  readonly publish: { readonly ip: string; readonly port: number };
  readonly memory: MemoryPlan;
  /** Directory of the machine for the data. @default - the engine's own */
  readonly dataDirectory?: string | undefined;
  /** Of what server and database are told: another one makes other containers. */
  readonly configurationDigest: string;
  /** Of what the gateway is told. @default - there is none */
  readonly gatewayDigest?: string | undefined;
  /** Of what the proxy is told. @default - there is none */
  readonly proxyDigest?: string | undefined;
  /** The proxy's certificates come from an authority. @default false */
  readonly certificates?: boolean | undefined;
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
  readonly gateway?: ContainerSpec;
  readonly proxy?: ContainerSpec;
}

/** A container with its name. */
export type ContainerSpec = Docker.ContainerCreateOptions & { readonly name: string };

/** Network and volumes of a cluster on an engine, alike wherever the engine is. */
export function clusterGround(
  props: Pick<
    ClusterContainersProps,
    'cluster' | 'project' | 'dataDirectory' | 'relay' | 'certificates'
  >,
): ClusterGround {
  const { cluster, dataDirectory } = props;
  const labels = labelsOf(props);
  const volume = (role: 'data' | 'config' | 'certificates', device?: string) => ({
    Name: objectName(cluster, role),
    Labels: labels(role),
    ...(device !== undefined && {
      Driver: 'local',
      DriverOpts: { type: 'none', o: 'bind', device },
    }),
  });
  return {
    network: { Name: objectName(cluster, 'network'), Driver: 'bridge', Labels: labels('network') },
    volumes: [
      ...(props.relay === undefined ? [volume('data', dataDirectory)] : []),
      volume('config'),
      ...(props.certificates ? [volume('certificates')] : []),
    ],
  };
}

/** The containers of a cluster on an engine, alike wherever the engine is. */
export function clusterContainers(props: ClusterContainersProps): ClusterContainers {
  const { cluster, images, start, publish, memory } = props;
  const isBehind = images.gateway !== undefined;
  return {
    database: container(props, 'database', databaseOptions(props)),
    server: container(props, 'server', {
      Image: images.server,
      Env: environmentList({ JAVA_OPTS: `-Xmx${memory.serverHeap}m`, ...start.environment }),
      ...(start.entrypoint && { Entrypoint: [...start.entrypoint] }),
      StopTimeout: 10,
      ExposedPorts: { [`${SERVER_PORT}/tcp`]: {} },
      HostConfig: {
        ...hostOf(memory.server),
        Mounts: [configMount(cluster)],
        ...(!isBehind && published(SERVER_PORT, publish)),
      },
    }),
    ...(isBehind && {
      gateway: container(props, 'gateway', {
        Image: images.gateway,
        StopTimeout: 10,
        ExposedPorts: { [`${GATEWAY_PORT}/tcp`]: {} },
        HostConfig: {
          ...hostOf(FIXED_MB.gateway),
          Mounts: [configMount(cluster)],
          ...(images.proxy === undefined && published(GATEWAY_PORT, publish)),
        },
      }),
    }),
    ...(images.proxy !== undefined && {
      proxy: container(
        props,
        'proxy',
        proxyOptions({
          ...{ cluster, publish, image: images.proxy },
          certificates: props.certificates === true,
        }),
      ),
    }),
  };
}

const published = (port: number, { ip, port: outside }: ClusterContainersProps['publish']) => ({
  PortBindings: { [`${port}/tcp`]: [{ HostIp: ip, HostPort: String(outside) }] },
});

function container(
  props: ClusterContainersProps,
  role: ContainerRole,
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
  const digests = { gateway: props.gatewayDigest, proxy: props.proxyDigest };
  const told = role in digests ? digests[role as keyof typeof digests] : props.configurationDigest;
  const digest = createHash('sha256')
    .update(JSON.stringify([spec, told]))
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

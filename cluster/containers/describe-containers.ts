import { DATABASE_HOST } from '../databases.js';
import {
  CONFIG_DIRECTORY,
  type ContainerRole,
  GATEWAY_PORT,
  objectName,
  SERVER_PORT,
} from '../names.js';
import { clusterLabels } from './cluster-labels.js';
import type { ContainerDescription, VolumeMount } from './container-description.js';
import type { ContainersProps, RoleDescription } from './containers-props.js';
import { describeDatabase } from './describe-database.js';
import { describeProxy } from './describe-proxy.js';
import { javaOptions, nodeOptions } from './memory-options.js';
import { FIXED_MB } from './memory-plan.js';

/** The containers of a cluster in the order in which they start, the same on every target. */
export function describeContainers(props: ContainersProps): ContainerDescription[] {
  const { gateway, proxy } = props.images;
  return [
    describe(props, 'database', describeDatabase(props)),
    describe(props, 'server', describeServer(props)),
    ...(gateway === undefined ? [] : [describe(props, 'gateway', describeGateway(props, gateway))]),
    ...(proxy === undefined ? [] : [describe(props, 'proxy', describeProxy(props, proxy))]),
  ];
}

function describeServer(props: ContainersProps): RoleDescription {
  const { images, start, publish, memory } = props;
  const isBehind = images.gateway !== undefined;
  const heap: Readonly<Record<string, string>> = {
    java: { JAVA_OPTS: javaOptions(memory.serverHeap, props.javaOptions) },
    node: { NODE_OPTIONS: nodeOptions(memory.serverHeap).join(' ') },
  }[start.runtime];
  return {
    image: images.server,
    environment: { ...heap, ...start.environment },
    ...(start.entrypoint && { entrypoint: start.entrypoint }),
    ports: isBehind ? [] : [{ internal: SERVER_PORT, external: publish.port, ip: publish.ip }],
    memoryMb: memory.server,
    stopGraceSeconds: 10,
  };
}

/** Half of its memory; the rest is for buffers, which are outside of the heap, and for Node.js. */
const GATEWAY_HEAP_MB = FIXED_MB.gateway / 2;

function describeGateway({ images, publish }: ContainersProps, image: string): RoleDescription {
  const isBehind = images.proxy !== undefined;
  return {
    image,
    environment: { NODE_OPTIONS: nodeOptions(GATEWAY_HEAP_MB).join(' ') },
    ports: isBehind ? [] : [{ internal: GATEWAY_PORT, external: publish.port, ip: publish.ip }],
    memoryMb: FIXED_MB.gateway,
    stopGraceSeconds: 10,
  };
}

/** What containers of all roles have, also those of applications. */
export const ALWAYS = {
  init: true,
  restart: 'unless-stopped',
  log: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
} as const;

/** The configuration volume, which all containers mount. */
const CONFIG_MOUNT: VolumeMount = { volume: 'config', target: CONFIG_DIRECTORY, readOnly: true };

/** Adds what all containers have in common. */
function describe(
  props: ContainersProps,
  role: ContainerRole,
  { mounts = [], ports = [], environment = {}, ...own }: RoleDescription,
): ContainerDescription {
  return {
    cluster: props.cluster,
    role,
    name: objectName(props.cluster, role),
    networkAliases: [role === 'database' ? DATABASE_HOST : role],
    environment,
    mounts: [...mounts, CONFIG_MOUNT],
    ports,
    // The engine's default, set explicitly: without it Terraform would always plan a change.
    memorySwapMb: 2 * own.memoryMb,
    ...ALWAYS,
    labels: clusterLabels(props, role),
    ...own,
  };
}

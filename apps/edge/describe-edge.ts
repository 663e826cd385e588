import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';
import { describeAppContainer } from '../../cluster/containers/describe-app-container.js';
import type { EngineContainer } from '../../cluster/containers/engine-container.js';
import { FIXED_MB } from '../../cluster/containers/memory-plan.js';
import { APPS_DIRECTORY, objectName } from '../../cluster/names.js';
import { MASTER_PORT } from './haproxy-common.js';

/** What determines a cluster's edges. Nothing in it is secret. */
export interface EdgeProps extends ClusterMarks {
  /** Id of the image, so that a moved tag is noticed. */
  readonly image: string;
  /** Address of the machine on which ports are published. */
  readonly ip: string;
  /** The ports that all applications publish. */
  readonly ports: readonly number[];
}

/** HAProxy's configuration in the volume `apps`. */
export const EDGE_FILE = 'haproxy.cfg';
const CONFIGURATION = `${APPS_DIRECTORY}/${EDGE_FILE}`;

/** Name of an edge: the first one has the number 1. */
export const edgeName = (cluster: string, number: number): string =>
  `${objectName(cluster, 'edge')}${number === 1 ? '' : `-${number}`}`;

/**
 * One edge. All serve the same configuration, from the volume, which their user cannot write; they differ in the
 * ports that are published. Only the first one has the alias by which the proxy finds it.
 */
export const describeEdge = (
  { image, ip, ...marks }: EdgeProps,
  number: number,
  ports: readonly number[],
): EngineContainer =>
  describeAppContainer(marks, 'edge', {
    name: edgeName(marks.cluster, number),
    image,
    networkAliases: number === 1 ? ['edge'] : [],
    entrypoint: ['haproxy', '-W', '-S', `127.0.0.1:${MASTER_PORT}`],
    command: ['-f', CONFIGURATION],
    mounts: [{ volume: 'apps', target: APPS_DIRECTORY, readOnly: false }],
    ports: [...ports].sort((a, b) => a - b).map((port) => ({ internal: port, external: port, ip })),
    memoryMb: FIXED_MB.edge,
    stopGraceSeconds: 5,
    user: '99:99',
    isConfined: true,
    // The start waits for the name of each instance that is away: at most this long.
    dnsOptions: ['timeout:1', 'attempts:1'],
  });

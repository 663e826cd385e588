import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';
import { describeAppContainer } from '../../cluster/containers/describe-app-container.js';
import type { EngineContainer } from '../../cluster/containers/engine-container.js';
import { nodeOptions } from '../../cluster/containers/memory-options.js';
import { FIXED_MB } from '../../cluster/containers/memory-plan.js';
import { appVolume } from '../../cluster/containers/network-and-volumes.js';
import {
  ACTIVATOR_REPORT_PORT,
  ENGINE_SOCKET,
  WAKE_DIRECTORY,
  WAKER_VARIABLES,
} from '../../cluster/functions/runtime-container.js';
import { APPS_DIRECTORY } from '../../cluster/names.js';

/** What runs the functions of a cluster. */
export interface RuntimeProps extends ClusterMarks {
  /** Id of the gateway's image, so that a moved tag is noticed. */
  readonly image: string;
  /** Path of the engine's socket on the engine's machine: see `targets/docker/apps-place.ts`. */
  readonly socketPath: string;
}

/** Heaps in MB; the rest of a container's memory is for buffers, and for Node.js. */
const HEAP_MB = { activator: 64, waker: 16 };

/** Nobody: who faces the network owns nothing, not even in its container. */
const NOBODY = '65534:65534';

/**
 * Volumes and containers that run functions, in the order in which they start. The waker has the engine's socket
 * and no network; the activator has the network, and of the engine only what the waker does for it.
 */
export function describeRuntime(props: RuntimeProps): {
  readonly volumes: readonly ReturnType<typeof appVolume>[];
  readonly containers: readonly [waker: EngineContainer, activator: EngineContainer];
} {
  const waker = describeAppContainer(props, 'waker', {
    ...programOf(props, 'waker'),
    environment: {
      [WAKER_VARIABLES.cluster]: props.cluster,
      ...(props.identity !== undefined && { [WAKER_VARIABLES.identity]: props.identity }),
    },
    networkAliases: [],
    network: 'none',
    mounts: [
      { volume: 'wake', target: WAKE_DIRECTORY, readOnly: false },
      { source: props.socketPath, target: ENGINE_SOCKET, readOnly: true },
    ],
    stopGraceSeconds: 2,
  });
  const activator = describeAppContainer(props, 'activator', {
    ...programOf(props, 'activator'),
    user: NOBODY,
    mounts: [
      // Root writes the file through the engine; the program is not root.
      { volume: 'apps', target: APPS_DIRECTORY, readOnly: false },
      { volume: 'wake', target: WAKE_DIRECTORY, readOnly: true },
    ],
    health: {
      test: ['CMD', 'ask.sh', String(ACTIVATOR_REPORT_PORT), '/healthz'],
      ...{ intervalSeconds: 10, timeoutSeconds: 30, startPeriodSeconds: 60, retries: 3 },
    },
    stopGraceSeconds: 10,
  });
  return {
    volumes: [appVolume(props, 'apps'), appVolume(props, 'wake')],
    containers: [waker, activator],
  };
}

const programOf = ({ image }: RuntimeProps, program: 'activator' | 'waker') => ({
  image,
  command: ['node', ...nodeOptions(HEAP_MB[program]), `/opt/clusterkit/${program}.mjs`],
  memoryMb: FIXED_MB[program],
  isConfined: true,
  // The gateway's own check asks a port that nobody has here.
  health: {
    test: ['NONE'],
    intervalSeconds: 0,
    timeoutSeconds: 0,
    startPeriodSeconds: 0,
    retries: 0,
  },
});

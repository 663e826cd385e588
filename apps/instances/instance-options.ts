import { type ClusterMarks, clusterLabels } from '../../cluster/containers/cluster-labels.js';
import { environmentList } from '../../cluster/containers/container-description.js';
import type { EngineOptions } from '../../cluster/containers/engine-options.js';
import { instanceName, LABEL, objectName } from '../../cluster/names.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';

/** Input of {@link instanceOptions}. */
export interface InstanceProps {
  readonly marks: ClusterMarks;
  readonly app: Pick<AppSettings, 'name' | 'kind' | 'command' | 'memoryMb'>;
  /** Id of the release. */
  readonly release: string;
  /** From 1. */
  readonly number: number;
  /** Id of the image. */
  readonly image: string;
  /** With its secrets: the engine keeps them, and shows them to whoever has its socket. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of those that are secret. */
  readonly secrets: readonly string[];
}

const MIB = 1024 * 1024;
/** Processes and threads of one instance: more than any server needs, less than would block the machine. */
const PIDS = 1024;
/** Seconds from SIGTERM, or the image's stop signal, to SIGKILL. */
export const STOP_SECONDS = 10;

/** The container of one instance, for the engine's API. */
export function instanceOptions(props: InstanceProps): EngineOptions {
  const { marks, app, release, number } = props;
  // A function that ends is started again by the next request.
  const restart = app.kind === 'function' ? 'no' : 'unless-stopped';
  return {
    ...processOptions(props),
    name: instanceName(marks.cluster, app.name, release, number),
    HostConfig: { ...hostConfig(props), RestartPolicy: { Name: restart } },
  };
}

/** A container that runs one command of the release and ends. */
export const oneOffOptions = (props: InstanceProps, command: readonly string[]): EngineOptions => {
  const { marks, app, release } = props;
  return {
    // Not a function: nothing may pause or stop it.
    ...processOptions({ ...props, app: { ...app, kind: 'app' } }),
    name: `${instanceName(marks.cluster, app.name, release, 1)}-run`,
    Cmd: [...command],
    HostConfig: { ...hostConfig(props), RestartPolicy: { Name: 'no' } },
  };
};

function processOptions({ marks, app, release, image, environment, secrets }: InstanceProps) {
  const network = objectName(marks.cluster, 'network');
  return {
    Image: image,
    Env: environmentList(environment),
    ...(app.command && { Cmd: [...app.command] }),
    StopTimeout: STOP_SECONDS,
    Labels: {
      ...clusterLabels(marks, 'app'),
      [LABEL.app]: app.name,
      [LABEL.release]: release,
      ...(secrets.length > 0 && { [LABEL.secrets]: secrets.join(',') }),
      ...(app.kind === 'function' && { [LABEL.function]: 'true' }),
    },
    NetworkingConfig: { EndpointsConfig: { [network]: {} } },
  };
}

function hostConfig({ marks, app: { memoryMb } }: InstanceProps) {
  return {
    Init: true,
    Memory: memoryMb * MIB,
    MemorySwap: 2 * memoryMb * MIB,
    PidsLimit: PIDS,
    SecurityOpt: ['no-new-privileges:true'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    NetworkMode: objectName(marks.cluster, 'network'),
  };
}

import type Docker from 'dockerode';
import type { EngineOptions } from '../../cluster/containers/engine-options.js';
import { instanceName, LABEL, objectName } from '../../cluster/names.js';

/** A container like `from`, with its variables and secrets, as another instance or of another release. */
export function cloneOptions(
  from: Docker.ContainerInspectInfo,
  { release, number }: { readonly release: string; readonly number: number },
): EngineOptions {
  const { Config, HostConfig, Image } = from;
  const { Env, Cmd, Entrypoint, StopTimeout, Labels } = Config as typeof Config & {
    readonly StopTimeout?: number;
  };
  const [cluster = '', app = ''] = [Labels[LABEL.cluster], Labels[LABEL.app]];
  const network = objectName(cluster, 'network');
  const { Init, Memory, MemorySwap, PidsLimit, SecurityOpt, LogConfig } = HostConfig;
  return {
    name: instanceName(cluster, app, release, number),
    Image,
    Env,
    ...(Cmd !== null && { Cmd }),
    ...(Entrypoint && { Entrypoint }),
    ...(StopTimeout !== undefined && { StopTimeout }),
    Labels: { ...Labels, [LABEL.release]: release },
    HostConfig: {
      ...{ Memory, MemorySwap, SecurityOpt, LogConfig, NetworkMode: network },
      ...(Init !== undefined && { Init }),
      ...(PidsLimit !== undefined && { PidsLimit }),
      ...(HostConfig.RestartPolicy && { RestartPolicy: HostConfig.RestartPolicy }),
    },
    NetworkingConfig: { EndpointsConfig: { [network]: {} } },
  } as EngineOptions;
}

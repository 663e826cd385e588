import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { LABEL, objectName } from '../names.js';
import {
  type ContainerDescription,
  environmentList,
  type HealthCheck,
} from './container-description.js';

/** A container with its name, as the engine's API expects it. */
export type EngineOptions = Docker.ContainerCreateOptions & { readonly name: string };

const MIB = 1024 * 1024;
const SECOND_NS = 1_000_000_000;

/**
 * Renders a container for the engine's API. One label is the digest of everything that it is created
 * from: a different digest means that the container must be replaced.
 *
 * @param configurationDigest of the files that it reads from the configuration volume
 */
export function engineOptions(
  container: ContainerDescription,
  configurationDigest: string,
): EngineOptions {
  const { cluster, entrypoint, command, health, shmMb, ports } = container;
  const network = objectName(cluster, 'network');
  const portKey = (port: number) => `${port}/tcp`;
  const options = {
    name: container.name,
    Image: container.image,
    Env: environmentList(container.environment),
    ...(entrypoint && { Entrypoint: [...entrypoint] }),
    ...(command && { Cmd: [...command] }),
    StopTimeout: container.stopGraceSeconds,
    ...(health && { Healthcheck: healthcheck(health) }),
    ExposedPorts: Object.fromEntries(ports.map(({ internal }) => [portKey(internal), {}])),
    HostConfig: {
      Init: container.init,
      RestartPolicy: { Name: container.restart },
      Memory: container.memoryMb * MIB,
      MemorySwap: container.memorySwapMb * MIB,
      ...(shmMb !== undefined && { ShmSize: shmMb * MIB }),
      LogConfig: { Type: container.log.driver, Config: { ...container.log.options } },
      Mounts: container.mounts.map(({ volume, target, readOnly }) => ({
        Type: 'volume' as const,
        Source: objectName(cluster, volume),
        Target: target,
        ...(readOnly && { ReadOnly: true }),
      })),
      PortBindings: Object.fromEntries(
        ports.map(({ internal, external, ip }) => [
          portKey(internal),
          [{ HostIp: ip, HostPort: String(external) }],
        ]),
      ),
      NetworkMode: network,
    },
    NetworkingConfig: {
      EndpointsConfig: { [network]: { Aliases: [...container.networkAliases] } },
    },
  };
  const spec = createHash('sha256')
    .update(JSON.stringify([options, configurationDigest]))
    .digest('hex');
  return { ...options, Labels: { ...container.labels, [LABEL.spec]: spec } };
}

const healthcheck = (health: HealthCheck) => ({
  Test: [...health.test],
  Interval: health.intervalSeconds * SECOND_NS,
  Timeout: health.timeoutSeconds * SECOND_NS,
  StartPeriod: health.startPeriodSeconds * SECOND_NS,
  Retries: health.retries,
});

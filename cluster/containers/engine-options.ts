import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { LABEL, objectName } from '../names.js';
import { environmentList, type HealthCheck } from './container-description.js';
import type { EngineContainer, EngineMount } from './engine-container.js';

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
  container: EngineContainer,
  configurationDigest: string,
): EngineOptions {
  const { cluster, entrypoint, command, health, shmMb, ports, user } = container;
  const network = container.network ?? objectName(cluster, 'network');
  const portKey = (port: number) => `${port}/tcp`;
  const options = {
    name: container.name,
    Image: container.image,
    Env: environmentList(container.environment),
    ...(entrypoint && { Entrypoint: [...entrypoint] }),
    ...(command && { Cmd: [...command] }),
    ...(user && { User: user }),
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
      Mounts: container.mounts.map((mount) => mountOf(cluster, mount)),
      PortBindings: Object.fromEntries(
        ports.map(({ internal, external, ip }) => [
          portKey(internal),
          [{ HostIp: ip, HostPort: String(external) }],
        ]),
      ),
      NetworkMode: network,
      ...(container.dnsOptions && { DnsOptions: [...container.dnsOptions] }),
      ...(container.isConfined && CONFINED),
    },
    ...(container.network !== 'none' && {
      NetworkingConfig: {
        EndpointsConfig: { [network]: { Aliases: [...container.networkAliases] } },
      },
    }),
  };
  const spec = createHash('sha256')
    .update(JSON.stringify([options, configurationDigest]))
    .digest('hex');
  return { ...options, Labels: { ...container.labels, [LABEL.spec]: spec } };
}

/** A new privilege would come from a program with the set-user-id bit. */
const CONFINED = {
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
};

function mountOf(cluster: string, mount: EngineMount): Docker.MountSettings {
  const isVolume = 'volume' in mount;
  return {
    Type: isVolume ? 'volume' : 'bind',
    Source: isVolume ? objectName(cluster, mount.volume) : mount.source,
    Target: mount.target,
    ...(mount.readOnly && { ReadOnly: true }),
  };
}

const healthcheck = (health: HealthCheck) => ({
  Test: [...health.test],
  Interval: health.intervalSeconds * SECOND_NS,
  Timeout: health.timeoutSeconds * SECOND_NS,
  StartPeriod: health.startPeriodSeconds * SECOND_NS,
  Retries: health.retries,
});

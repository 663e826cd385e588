import { createHash } from 'node:crypto';
import type { ContainerConfig } from '@cdktf/provider-docker/lib/container/index.js';
import {
  type ContainerDescription,
  environmentList,
  type HealthCheck,
  type VolumeRole,
} from '../../cluster/containers/container-description.js';
import { literals } from '../common/literal.js';

/** References to what a container of the stack depends on. */
export interface ContainerReferences {
  /** Id of the network. */
  readonly network: string;
  /** Names of the volumes that the cluster has. */
  readonly volumes: Readonly<Partial<Record<VolumeRole, string | undefined>>>;
  /** Revision of its configuration: a change replaces the container. */
  readonly revision: string;
}

/** Renders a container for Terraform's Docker provider. */
export function renderContainer(
  container: ContainerDescription,
  references: ContainerReferences,
): ContainerConfig {
  const { entrypoint, command, health, environment, shmMb, ports } = container;
  const labels = {
    ...container.labels,
    'dev.clusterkit.run': references.revision,
    // The provider updates a changed health check in its state only, so every plan would repeat it. A
    // label with its digest makes the provider replace the container.
    ...(health && { 'dev.clusterkit.health': digestOf(health) }),
  };
  return literals({
    name: container.name,
    image: container.image,
    ...(Object.keys(environment).length > 0 && { env: environmentList(environment) }),
    ...(entrypoint && { entrypoint: [...entrypoint] }),
    ...(command && { command: [...command] }),
    mounts: container.mounts.map(({ volume, target, readOnly }) => ({
      type: 'volume',
      source: volumeOf(references, volume),
      target,
      ...(readOnly && { readOnly }),
    })),
    ...(ports.length > 0 && { ports: [...ports] }),
    networksAdvanced: [{ name: references.network, aliases: [...container.networkAliases] }],
    memory: container.memoryMb,
    memorySwap: container.memorySwapMb,
    // The engine reports -1 on kernels that do not count swap.
    lifecycle: { ignoreChanges: ['memory_swap'] },
    ...(shmMb !== undefined && { shmSize: shmMb }),
    ...(health && { healthcheck: healthcheck(health) }),
    destroyGraceSeconds: container.stopGraceSeconds,
    init: container.init,
    mustRun: true,
    restart: container.restart,
    logDriver: container.log.driver,
    logOpts: container.log.options,
    labels: Object.entries(labels).map(([label, value]) => ({ label, value })),
  });
}

function volumeOf({ volumes }: ContainerReferences, volume: VolumeRole): string {
  const name = volumes[volume];
  if (name === undefined) throw new Error(`the stack has no volume '${volume}'`);
  return name;
}

const healthcheck = (health: HealthCheck) => ({
  test: [...health.test],
  interval: duration(health.intervalSeconds),
  timeout: duration(health.timeoutSeconds),
  startPeriod: duration(health.startPeriodSeconds),
  retries: health.retries,
});

const digestOf = (health: HealthCheck) =>
  createHash('sha256').update(JSON.stringify(health)).digest('hex').slice(0, 16);

/** In the form in which the provider reads it back from the engine: otherwise every plan shows a change. */
const duration = (seconds: number) =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;

import { type ContainerRole, isAppRole } from '../../cluster/names.js';
import { type ClusterObject, findClusterObjects } from '../../cluster/objects/cluster-objects.js';
import { rolesOf } from '../../cluster/roles.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { Problem } from '../../lib/errors.js';
import type { Machine } from '../machine.js';
import { type UsageFound, usageOf } from './gateway-usage.js';

/**
 * States of a cluster's containers by role: the engine's own (`running`, `exited`, …), `absent`,
 * `unreachable` when no engine answered, and `unknown` when none was queried. When a role has several
 * containers, the first that does not run counts.
 */
export interface ContainerStates {
  /** The database, or the relay to an external one. */
  readonly database: string;
  readonly server: string;
  /** Only of clusters that have one. */
  readonly gateway?: string;
  /** Only of clusters with https. */
  readonly proxy?: string;
}

/** How one container has run since it was created. */
export interface ContainerRun {
  readonly role: string;
  /** Name in the engine. */
  readonly name: string;
  readonly state: string;
  /** Restarts by the engine. */
  readonly restarts: number;
  /** The kernel ended one of its programs, in this run or the last, because it exceeded its memory. */
  readonly killedForMemory: boolean;
  /** Of its end; `null` while it runs. */
  readonly exitCode: number | null;
  /** Start of this run (ISO 8601). */
  readonly startedAt: string;
  /** End of the last run; `null` if none has ended. */
  readonly endedAt: string | null;
  /** `null`: no limit. */
  readonly memoryMb: number | null;
}

/** Size and use of the file system of the data, where it has a volume of its own. */
export interface DataUsage {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** What programs can still write. */
  readonly freeBytes: number;
  /** `null`: unknown. */
  readonly volumeBytes: number | null;
  /** The file system uses all of the volume; `null`: unknown. */
  readonly isGrown: boolean | null;
}

/** Result of a query for container states. */
export interface ContainersFound {
  readonly containers: ContainerStates;
  /** Reasons why they are unreachable. */
  readonly problems: readonly Problem[];
  /** Whatever answers at the endpoint is not the cluster: it is not asked. @default - it is */
  readonly isElsewhere?: true;
  /** How each container has run. @default - not queried */
  readonly runs?: readonly ContainerRun[];
  /** @default - the data has no volume that can be measured, or it was not queried */
  readonly data?: DataUsage;
  /** Usage of the services. @default - no limits, or not queried */
  readonly usage?: UsageFound;
}

/** The states of containers with these roles. */
export const statesOf = (
  roles: readonly ContainerRole[],
  stateOf: (role: ContainerRole) => string,
): ContainerStates => ({
  database: stateOf('database'),
  server: stateOf('server'),
  ...(roles.includes('gateway') && { gateway: stateOf('gateway') }),
  ...(roles.includes('proxy') && { proxy: stateOf('proxy') }),
});

/** All containers of a cluster in one state, such as `absent`. */
export const allContainers = (settings: ClusterSettings, state: string): ContainerStates =>
  statesOf(rolesOf(settings), () => state);

/** Selects the cluster's own objects among those of its name. */
export type ChooseOwn = (objects: readonly ClusterObject[]) => readonly ClusterObject[];

/** Queries the engines of a cluster for its containers. @param own @default - a machine has no others */
export async function containersOn(
  machines: readonly Pick<Machine, 'engine'>[],
  settings: ClusterSettings,
  own: ChooseOwn = (objects) => objects,
): Promise<ContainerStates> {
  const all = await Promise.all(machines.map((each) => containersOf(each, settings)));
  const found = all.flatMap((each) => own(each));
  return statesOf(rolesOf(settings), (role) => {
    const states = found
      .filter((each) => each.role === role)
      .map(({ state }) => state ?? 'unknown');
    return states.find((state) => state !== 'running') ?? states[0] ?? 'absent';
  });
}

/** Queries the gateway of a development cluster for the usage of its services; may be slow. */
export async function usageOn(
  machines: readonly Pick<Machine, 'engine'>[],
  settings: ClusterSettings,
  { gateway }: ContainerStates,
  signal: AbortSignal,
): Promise<Pick<ContainersFound, 'usage'>> {
  if (settings.gateway?.limits === undefined || gateway !== 'running') return {};
  for (const machine of machines) {
    const containers = await containersOf(machine, settings);
    if (!containers.some(({ role }) => role === 'gateway')) continue;
    return { usage: await usageOf(machine.engine, settings.name, signal) };
  }
  return {};
}

/** A cluster's containers on one machine, without those of its applications. */
export async function containersOf(
  { engine }: Pick<Machine, 'engine'>,
  { name }: Pick<ClusterSettings, 'name'>,
): Promise<ClusterObject[]> {
  const objects = await findClusterObjects(engine, name);
  return objects.filter(({ kind, role }) => kind === 'container' && !isAppRole(role));
}

import type { Engine } from '../../clients/docker/connect.js';
import type { ContainerRole } from '../../cluster/names.js';
import { findClusterObjects } from '../../cluster/objects/cluster-objects.js';
import { rolesOf } from '../../cluster/roles.js';
import type { Problem } from '../../lib/errors.js';
import type { ClusterSettings } from '../clusters-file/cluster-settings.js';
import { type UsageFound, usageOf } from './gateway-usage.js';

/**
 * States of a cluster's containers: the engine's own (`running`, `exited`, …), `absent`, or
 * `unreachable` where nobody could be asked, and `unknown` where nobody was.
 */
export interface PartStates {
  /** The database, or the relay to one's own. */
  readonly database: string;
  readonly server: string;
  /** Only of clusters that have one. */
  readonly gateway?: string;
  /** Only of clusters with https. */
  readonly proxy?: string;
}

/** What asking for them showed. */
export interface PartsFound {
  readonly containers: PartStates;
  /** Why they are unreachable. */
  readonly problems: readonly Problem[];
  /** What services use of their limits. @default - there are none, or nobody was asked */
  readonly usage?: UsageFound;
}

/** The states of containers with these roles. */
export const statesOf = (
  roles: readonly ContainerRole[],
  stateOf: (role: ContainerRole) => string,
): PartStates => ({
  database: stateOf('database'),
  server: stateOf('server'),
  ...(roles.includes('gateway') && { gateway: stateOf('gateway') }),
  ...(roles.includes('proxy') && { proxy: stateOf('proxy') }),
});

/** The states of a cluster's containers in an engine. */
export async function partStates(engine: Engine, settings: ClusterSettings): Promise<PartStates> {
  const objects = await findClusterObjects(engine, settings.name);
  return statesOf(
    rolesOf(settings),
    (role) =>
      objects.find((each) => each.kind === 'container' && each.role === role)?.state ?? 'absent',
  );
}

/** What services use of their limits, where there are limits and somebody to ask. */
export async function usageIn(
  engine: Engine,
  { name, gateway }: ClusterSettings,
  containers: PartStates,
  signal: AbortSignal,
): Promise<Pick<PartsFound, 'usage'>> {
  if (gateway?.limits === undefined || containers.gateway !== 'running') return {};
  return { usage: await usageOf(engine, name, signal) };
}

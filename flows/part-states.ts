import { findClusterObjects } from '../lib/engine/cluster-objects.js';
import type { Engine } from '../lib/engine/connect.js';
import type { Problem } from '../lib/errors.js';

/**
 * States of a cluster's containers: the engine's own (`running`, `exited`, …), `absent`, or
 * `unreachable` where nobody could be asked, and `unknown` where nobody was.
 */
export interface PartStates {
  readonly database: string;
  readonly server: string;
}

/** What asking for them showed. */
export interface PartsFound {
  readonly containers: PartStates;
  /** Why they are unreachable. */
  readonly problems: readonly Problem[];
}

/** The same for both containers. */
export const bothParts = (state: string): PartStates => ({ database: state, server: state });

/** The states of a cluster's containers in an engine. */
export async function partStates(engine: Engine, cluster: string): Promise<PartStates> {
  const objects = await findClusterObjects(engine, cluster);
  const stateOf = (role: string) =>
    objects.find((each) => each.kind === 'container' && each.role === role)?.state ?? 'absent';
  return { database: stateOf('database'), server: stateOf('server') };
}

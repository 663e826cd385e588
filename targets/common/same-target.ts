import { managedIn, type State } from '../../clients/terraform/state/state.js';
import { usageError } from '../../lib/errors.js';

/** A target as a state identifies it. */
export interface StateTarget {
  readonly name: string;
  readonly resourcePrefix: string;
}

/** Name of the target that a state belongs to; `undefined` when it has no resources of a target. */
export const targetIn = (state: State, targets: readonly StateTarget[]): string | undefined =>
  targets.find(({ resourcePrefix }) =>
    managedIn(state).some(({ type }) => type.startsWith(resourcePrefix)),
  )?.name;

/**
 * Refuses settings with another target than the one that the cluster runs on: an apply would remove the
 * cluster with its data, and create a new one elsewhere.
 *
 * @throws KitError `target-changed` (exit 2)
 */
export function assertSameTarget(
  { name, target }: { readonly name: string; readonly target: string },
  state: State,
  targets: readonly StateTarget[],
): void {
  const found = targetIn(state, targets);
  if (found === undefined || found === target) return;
  throw usageError('target-changed', {
    path: `clusters.${name}.target`,
    message: `is ${target}, but the running cluster was created with ${found}`,
    hint: `Restore the target; or remove the running cluster first, which drops its data: clusterkit down ${name}.`,
  });
}

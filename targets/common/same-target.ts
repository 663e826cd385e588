import { managedIn, type State } from '../../clients/terraform/state/state.js';
import { usageError } from '../../lib/errors.js';

/** A target as a state names it. */
export interface StateTarget {
  readonly name: string;
  readonly resourcePrefix: string;
}

/** The name of the target that a state was made on; `undefined` when nothing in it says so. */
export const targetIn = (state: State, targets: readonly StateTarget[]): string | undefined =>
  targets.find(({ resourcePrefix }) =>
    managedIn(state).some(({ type }) => type.startsWith(resourcePrefix)),
  )?.name;

/**
 * Refuses settings that name another target than the one that the cluster runs on: an apply would
 * remove it with its data, and begin anew elsewhere.
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
    message: `is ${target}, and the cluster that runs was made with ${found}`,
    hint: `Bring the target back; or take that one down first, which drops its data: clusterkit down ${name}.`,
  });
}

import { managedIn, type State } from '../../clients/terraform/state/state.js';
import { usageError } from '../../lib/errors.js';

/** Resource types of each target begin so. */
const PREFIXES = { docker: 'docker_', digitalocean: 'digitalocean_' } as const;

/** Where a cluster can run; see `clusters.<name>.target`. */
export type Target = keyof typeof PREFIXES;

/** Where the cluster of a state runs; `undefined` when nothing in it tells. */
export function targetIn(state: State): Target | undefined {
  const targets = Object.keys(PREFIXES) as Target[];
  return targets.find((target) =>
    managedIn(state).some(({ type }) => type.startsWith(PREFIXES[target])),
  );
}

/**
 * What runs was made on the target that the settings name: else an apply would remove it, data and
 * all, and begin anew elsewhere.
 *
 * @throws KitError `target-changed` (exit 2)
 */
export function assertSameTarget(
  { name, target }: { readonly name: string; readonly target: Target },
  state: State,
): void {
  const found = targetIn(state);
  if (found === undefined || found === target) return;
  throw usageError('target-changed', {
    path: `clusters.${name}.target`,
    message: `is ${target}, and the cluster that runs was made with ${found}`,
    hint: `Bring the target back; or take that one down first, which drops its data: clusterkit down ${name}.`,
  });
}

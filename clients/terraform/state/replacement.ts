import { type Problem, usageError } from '../../../lib/errors.js';
import { currentOf, managedIn, type State, type StateResource } from './state.js';

/** Settings of a droplet cluster whose change needs a new droplet or volume. */
export interface Fixed {
  readonly name: string;
  readonly region: string;
  /** Id of the private network. @default - any */
  readonly vpc?: string;
}

/**
 * Checks that droplet and volume in the state can stay, as `clusterkit up` checks its plan. For
 * cases in which another program plans and applies.
 *
 * @throws KitError `replacement-refused` (exit 2)
 */
export function assertStays(fixed: Fixed, state: State): void {
  const problems = managedIn(state).flatMap((resource) => problemsOf(resource, fixed));
  if (problems.length > 0) throw usageError('replacement-refused', problems);
}

function problemsOf(resource: StateResource, { name, region, vpc }: Fixed): Problem[] {
  const what = WHAT.get(resource.type);
  const { attributes, status } = currentOf(resource) ?? {};
  if (what === undefined || !attributes || status === 'tainted') return [];
  const differs = (key: string, wanted: string | undefined) =>
    wanted !== undefined && attributes[key] !== undefined && attributes[key] !== wanted;
  const moved = [
    ...(differs('region', region) ? [`region ${attributes.region} → ${region}`] : []),
    ...(resource.type === 'digitalocean_droplet' && differs('vpc_uuid', vpc)
      ? [`vpc ${attributes.vpc_uuid} → ${vpc}`]
      : []),
  ];
  if (moved.length === 0) return [];
  return [
    {
      path: `clusters.${name}`,
      message: `${what} would be replaced by a new one (${moved.join(', ')})`,
      hint: `Undo the change, or run clusterkit up ${name} --allow-replace.`,
    },
  ];
}

/** A type may be any text. */
const WHAT: ReadonlyMap<string, string> = new Map([
  ['digitalocean_droplet', 'the droplet'],
  ['digitalocean_volume', 'the volume with the data'],
]);

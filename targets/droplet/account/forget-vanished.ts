import { terraformFailure } from '../../../clients/terraform/failure.js';
import { runTerraform, type TerraformRun } from '../../../clients/terraform/run-terraform.js';
import { knownState, readState } from '../../../clients/terraform/state/read-state.js';
import { currentOf, managedIn, type State } from '../../../clients/terraform/state/state.js';
import type { AccountObjects } from './account-facts.js';

/**
 * Resources of a state that no longer exist on the account, and whose absence is an error for the provider:
 * it could neither plan nor destroy. The lost response of a deletion causes this for a project, and so does
 * a removal by hand.
 *
 * @param objects kinds that cannot be read are skipped
 */
export function vanished(
  state: State,
  { projects, reservedIps }: Pick<AccountObjects, 'projects' | 'reservedIps'>,
): string[] {
  const isGone = (type: string, { id, ip_address }: Readonly<Record<string, unknown>>) => {
    if (type === 'digitalocean_project') return projects?.every((project) => project.id !== id);
    if (type !== 'digitalocean_reserved_ip_assignment') return false;
    return reservedIps?.every(({ ip }) => ip !== ip_address);
  };
  return managedIn(state).flatMap((resource) => {
    const { type, name } = resource;
    const attributes = currentOf(resource)?.attributes;
    return attributes && isGone(type, attributes) ? [`${type}.${name}`] : [];
  });
}

/**
 * Removes the resources that {@link vanished} finds from Terraform's state. Ignores an unreadable state,
 * which Terraform itself reports.
 *
 * @returns the removed addresses
 * @throws KitError `terraform-failed` (exit 3)
 */
export async function forgetVanished(
  run: TerraformRun,
  stateFile: string,
  objects: Pick<AccountObjects, 'projects' | 'reservedIps'>,
): Promise<readonly string[]> {
  const state = knownState(await readState(stateFile));
  const addresses = state === undefined ? [] : vanished(state, objects);
  if (addresses.length === 0) return [];
  const result = await runTerraform(['state', 'rm', ...addresses], run);
  if (result.exitCode !== 0) throw await terraformFailure('state rm', result, run);
  return addresses;
}

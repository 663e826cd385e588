import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { KitError } from '../../lib/errors.js';
import { applyChanges } from '../common/apply.js';
import type { ClusterContext } from '../context.js';

/**
 * `terraform destroy`, for which gone already is done: where the provider was told that an object is
 * not there, such as after a deletion whose answer was lost, a second look finds it gone.
 *
 * @throws KitError `terraform-failed` (exit 3), and those of the stages
 */
export async function destroyDroplet(run: TerraformRun, context: ClusterContext): Promise<void> {
  try {
    await applyChanges('destroy', run, context);
  } catch (error) {
    if (!isGone(error)) throw error;
    await applyChanges('destroy', run, context);
  }
}

/** Did Terraform fail of nothing but objects that are not there? */
export const isGone = (error: unknown): boolean =>
  error instanceof KitError &&
  error.code === 'terraform-failed' &&
  error.problems.every(({ message }) => /\b404\b/.test(message));

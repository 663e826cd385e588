import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { KitError } from '../../lib/errors.js';
import { applyChanges } from '../common/apply.js';
import type { ClusterContext } from '../context.js';

/**
 * Runs `terraform destroy`, and tolerates missing objects: the provider fails when an object does not exist,
 * such as after the lost response of a deletion; a second run then finds it gone.
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

/** Are missing objects the only reason why Terraform failed? */
export const isGone = (error: unknown): boolean =>
  error instanceof KitError &&
  error.code === 'terraform-failed' &&
  error.problems.every(({ message }) => /\b404\b/.test(message));

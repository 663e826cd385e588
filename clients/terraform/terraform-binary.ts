import { join } from 'node:path';
import { environmentError } from '../../lib/errors.js';
import { findProgram } from '../../lib/find-program.js';

/** Where setup puts the OpenTofu that it builds. */
export const builtTofu = (cacheDir: string) => join(cacheDir, 'bin', 'tofu');

/**
 * Absolute path of the program that applies `cdk.tf.json`: `TERRAFORM_BINARY_NAME` when it is set,
 * else `terraform` or `tofu` on the PATH, else the OpenTofu that setup built.
 * @throws KitError `terraform-missing` (exit 3)
 */
export async function findTerraform(env: NodeJS.ProcessEnv, cacheDir: string): Promise<string> {
  const wanted = env.TERRAFORM_BINARY_NAME;
  const found = wanted
    ? await findProgram(wanted, env)
    : ((await findProgram('terraform', env)) ??
      (await findProgram('tofu', env)) ??
      (await findProgram(builtTofu(cacheDir), env)));
  if (found !== undefined) return found;
  throw environmentError('terraform-missing', {
    message: wanted
      ? `TERRAFORM_BINARY_NAME names \`${wanted}\`, which is not a program on the PATH`
      : 'neither Terraform nor OpenTofu is on the PATH',
    hint: wanted
      ? 'Correct it, or unset it to take terraform or tofu from the PATH.'
      : 'Run scripts/setup, which builds OpenTofu, or install Terraform.',
  });
}

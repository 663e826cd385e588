import { join } from 'node:path';
import { environmentError, type KitError } from '../../lib/errors.js';
import { findProgram } from '../../lib/find-program.js';
import { terraformEnvironment } from './environment.js';
import { askTerraform, type FoundTerraform, OLDEST } from './terraform-version.js';

/** Where setup puts the OpenTofu that it builds. */
export const builtTofu = (cacheDir: string) => join(cacheDir, 'bin', 'tofu');

const NEEDED = `Terraform ${OLDEST.Terraform} or OpenTofu ${OLDEST.OpenTofu}, or newer`;

/**
 * Absolute path of the program that applies `cdk.tf.json`: `TERRAFORM_BINARY_NAME` when it is set,
 * else `terraform` or `tofu` on the PATH, else the OpenTofu that setup built. Passes over releases that are too old,
 * and programs that do not run.
 * @throws KitError `terraform-missing`, `terraform-old`, `terraform-unusable` (exit 3)
 */
export async function findTerraform(env: NodeJS.ProcessEnv, cacheDir: string): Promise<string> {
  const wanted = env.TERRAFORM_BINARY_NAME;
  const pinned = terraformEnvironment(env, { dataDir: cacheDir, cwd: process.cwd() });
  let unfit: KitError | undefined;
  for (const name of wanted ? [wanted] : ['terraform', 'tofu', builtTofu(cacheDir)]) {
    const binary = await findProgram(name, env);
    if (binary === undefined) continue;
    const found = await askTerraform(binary, pinned);
    if (found.kind === 'right') return binary;
    unfit ??= unfitError(binary, found);
  }
  throw unfit ?? missingError(wanted);
}

function unfitError(path: string, found: Exclude<FoundTerraform, { kind: 'right' }>): KitError {
  if (found.kind === 'old') {
    return environmentError('terraform-old', {
      path,
      message: `${found.product} ${found.version} is too old; needed is ${NEEDED}`,
      hint: 'Install a newer one, or run scripts/setup, which builds OpenTofu.',
    });
  }
  return environmentError('terraform-unusable', {
    path,
    message: `cannot be run: ${found.reason}`,
    hint: `Mend it, or install ${NEEDED}; scripts/setup builds OpenTofu.`,
  });
}

const missingError = (wanted: string | undefined) =>
  environmentError('terraform-missing', {
    message: wanted
      ? `TERRAFORM_BINARY_NAME names \`${wanted}\`, which is not a program on the PATH`
      : 'neither Terraform nor OpenTofu is on the PATH',
    hint: wanted
      ? 'Correct it, or unset it to take terraform or tofu from the PATH.'
      : 'Run scripts/setup, which builds OpenTofu, or install Terraform.',
  });

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { environmentError } from '../errors.js';

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
      ? `TERRAFORM_BINARY_NAME names \`${wanted}\`, which is no program on the PATH`
      : 'neither Terraform nor OpenTofu is on the PATH',
    hint: wanted
      ? 'Correct it, or unset it to take terraform or tofu from the PATH.'
      : 'Run scripts/setup, which builds OpenTofu, or install Terraform.',
  });
}

/** Absolute path of an executable file, by path or by name on the PATH. */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const candidates =
    isAbsolute(name) || name.includes('/')
      ? [resolve(name)]
      : (env.PATH ?? '')
          .split(delimiter)
          .filter((directory) => directory !== '')
          .map((directory) => join(directory, name));
  for (const candidate of candidates) {
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

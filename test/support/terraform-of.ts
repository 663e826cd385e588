import { join } from 'node:path';
import { execa } from 'execa';
import { terraformEnvironment } from '../../clients/terraform/environment.js';
import { dataDirectory } from '../../clients/terraform/run-directory.js';
import { findTerraform } from '../../clients/terraform/terraform-binary.js';
import { cacheDirectory } from '../../cluster/project.js';
import type { TestProject } from './test-project.js';

/** Terraform on the stack of a cluster, as the kit itself starts it; and where that stack is. */
export async function terraformOf({
  name,
  stateDir,
  home,
  env,
}: Pick<TestProject, 'name' | 'stateDir' | 'home'> & { env: NodeJS.ProcessEnv }) {
  const cwd = join(stateDir, 'cdktf.out', 'stacks', name);
  const cacheDir = cacheDirectory(env, home);
  const binary = await findTerraform(env, cacheDir);
  const own = terraformEnvironment(env, { dataDir: dataDirectory(cacheDir, cwd), cwd });
  const terraform = (...argv: string[]) =>
    execa(binary, argv, { cwd, env: own, extendEnv: false, maxBuffer: 50_000_000 });
  return { cwd, terraform };
}

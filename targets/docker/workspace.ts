import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineVariables } from '../../clients/docker/address/hand-over.js';
import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { workingDirectory } from '../../cluster/project.js';
import { hasCode } from '../../lib/errors.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';
import { openWorkspace } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';

/** Opens a workspace in which Terraform, its provider and the stages use the command's engine. */
export async function openDockerWorkspace(
  context: ClusterContext,
  stack: BuildStack | undefined,
): Promise<TerraformRun> {
  const variables = engineVariables(await context.engineAddress());
  if (stack === undefined) await releaseEngine(workingDirectory(context.project, context.cluster));
  return openWorkspace({ ...context, env: { ...context.env, ...variables } }, stack);
}

/** A stack that `cdktf` synthesized names the engine of that time; the variables name today's. */
async function releaseEngine(directory: string): Promise<void> {
  const path = join(directory, 'cdk.tf.json');
  const text = await readFile(path, 'utf8').catch((error) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return;
  const stack = JSON.parse(text) as { provider?: Record<string, unknown> };
  if (stack.provider?.docker === undefined) return;
  stack.provider.docker = [{}];
  await writeFile(path, JSON.stringify(stack, null, 2), { mode: 0o600 });
}

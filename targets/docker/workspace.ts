import { engineVariables } from '../../clients/docker/address/hand-over.js';
import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';
import { openWorkspace } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';

/** Opens a workspace in which Terraform, its provider and the stages use the command's engine. */
export async function openDockerWorkspace(
  context: ClusterContext,
  stack: BuildStack | undefined,
): Promise<TerraformRun> {
  const variables = engineVariables(await context.engineAddress());
  return openWorkspace({ ...context, env: { ...context.env, ...variables } }, stack);
}

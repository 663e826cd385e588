import { fileURLToPath } from 'node:url';
import type { RemovalCommand } from '../../clients/terraform/removal-stack.js';
import type { State } from '../../clients/terraform/state/state.js';
import { literals } from '../../stacks/common/literal.js';
import type { StageProgram } from '../../stacks/common/stage.js';
import type { StagePlaces } from './stages/facts.js';
import { ACCOUNT_VARIABLES } from './stages/stage.js';

/** Input for a stack that `cdktf` synthesizes. */
export interface StackPlace {
  readonly places: StagePlaces;
  readonly env: NodeJS.ProcessEnv;
  readonly program: Omit<StageProgram, 'stateDir'>;
  /** State of the cluster; `undefined` when the stack is refused. */
  readonly state: State | undefined;
  /** Why nothing can be created, on any target. */
  readonly refusal: string | undefined;
}

/** The program that Terraform runs inside an apply. @param script its path, in a bundled program */
export const stageProgram = (
  script = new URL('../../scripts/run-stage.js', import.meta.url),
): Omit<StageProgram, 'stateDir'> => ({ node: process.execPath, script: fileURLToPath(script) });

/** How Terraform runs a stage without a stack of the kit's constructs; the stage receives no token of an account. */
export function removalCommand(stage: string, stateDir: string): RemovalCommand {
  const { node, script } = stageProgram();
  return {
    interpreter: literals([node, script, stage, stateDir]),
    environment: Object.fromEntries(ACCOUNT_VARIABLES.map((name) => [name, ''])),
  };
}

import { fileURLToPath } from 'node:url';
import type { State } from '../../clients/terraform/state/state.js';
import type { StageProgram } from '../../stacks/common/stage.js';
import type { StagePlaces } from './stages/facts.js';

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

import { fileURLToPath } from 'node:url';
import type { State } from '../../clients/terraform/state/state.js';
import type { StageProgram } from '../../stacks/common/stage.js';
import type { StagePlaces } from './stages/facts.js';

/** Where the stack of a cluster is synthesized by `cdktf`. */
export interface StackPlace {
  readonly places: StagePlaces;
  readonly env: NodeJS.ProcessEnv;
  readonly program: StageProgram;
  /** State of the cluster; `undefined` where it is refused. */
  readonly state: State | undefined;
  /** Why nothing can be made, whatever the target says. */
  readonly refusal: string | undefined;
}

/** What Terraform calls inside an apply. @param script of the caller, where it is bundled elsewhere */
export const stageProgram = (
  script = new URL('../../scripts/run-stage.js', import.meta.url),
): StageProgram => ({ node: process.execPath, script: fileURLToPath(script) });

import { z } from 'zod';
import {
  currentOf,
  managedIn,
  type State,
  type StateInstance,
} from '../../../clients/terraform/state/state.js';
import { STAGE_INPUTS, type StageInput, type StageName } from './input.js';

const told = z.object({ input: z.object({ value: z.unknown() }) });

/** What a stack's step of that name left in state; see `stacks/common/stage.ts`. @default - it never ran */
export function stepIn(state: State, name: string): StateInstance | undefined {
  const step = managedIn(state).find(
    (each) => each.type === 'terraform_data' && each.name === name,
  );
  return step && currentOf(step);
}

/**
 * What a stage was told at the last apply; `undefined` where it never ran, ran into an error, or ran
 * with what this kit does not understand.
 */
export function inputIn<Name extends StageName>(
  state: State,
  stage: Name,
): StageInput<Name> | undefined {
  const { attributes, status } = stepIn(state, stage) ?? {};
  if (status === 'tainted') return undefined;
  const value = told.safeParse(attributes).data?.input.value;
  return STAGE_INPUTS[stage].safeParse(value).data as StageInput<Name> | undefined;
}

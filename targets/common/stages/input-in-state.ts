import { z } from 'zod';
import {
  currentOf,
  managedIn,
  type State,
  type StateInstance,
} from '../../../clients/terraform/state/state.js';
import type { Stage } from './stage.js';

const stored = z.object({ input: z.object({ value: z.record(z.string(), z.unknown()) }) });

/** The input that a resource of a stage has in a state, whatever is in it. */
export const storedInput = (attributes: unknown) => stored.safeParse(attributes).data?.input.value;

/** The record of a stage in a state; see `stacks/common/stage.ts`. @default - it never ran */
export function stepIn(state: State, name: string): StateInstance | undefined {
  const step = managedIn(state).find(
    (each) => each.type === 'terraform_data' && each.name === name,
  );
  return step && currentOf(step);
}

/**
 * The input of a stage at the last apply; `undefined` when it never ran, failed, or ran with an input
 * that this version of the kit does not support.
 */
export function inputIn<Shape extends z.ZodRawShape>(
  state: State,
  stage: Pick<Stage<Shape>, 'name' | 'input'>,
): z.infer<z.ZodObject<Shape>> | undefined {
  const { attributes, status } = stepIn(state, stage.name) ?? {};
  if (status === 'tainted') return undefined;
  return stage.input.safeParse(storedInput(attributes)).data;
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { STAGE_INPUTS, type StageInput, type StageName } from '../stage-input.js';

const instance = z.object({
  status: z.string().optional(),
  attributes: z.object({ input: z.object({ value: z.unknown() }) }),
});
const state = z.object({
  resources: z.array(
    z.object({ type: z.string(), name: z.string(), instances: z.array(z.unknown()) }),
  ),
});

/**
 * What a stage was told at the last apply, out of the state file; `undefined` where it never ran, ran
 * into an error, or ran with what this kit does not understand.
 */
export async function inputInState<Name extends StageName>(
  path: string,
  stage: Name,
): Promise<StageInput<Name> | undefined> {
  try {
    const { resources } = state.parse(JSON.parse(await readFile(path, 'utf8')));
    const found = resources.find(({ type, name }) => type === 'terraform_data' && name === stage);
    const { attributes, status } = instance.parse(found?.instances[0]);
    if (status === 'tainted') return undefined;
    return STAGE_INPUTS[stage].parse(attributes.input.value) as StageInput<Name>;
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const instance = z.object({
  status: z.string().optional(),
  attributes: z.object({ input: z.object({ value: z.object({ attempt: z.string() }) }) }),
});
const resource = z.object({ name: z.string(), instances: z.array(z.unknown()) });
const state = z.object({ resources: z.array(resource) });

/**
 * Names the attempt that an apply belongs to: a finished one keeps its name, so that the next plan
 * is empty; after a cut one there is a new name, and the apply begins with clearing the ground.
 */
export async function attemptOf(stateFile: string): Promise<string> {
  try {
    const { resources } = state.parse(JSON.parse(await readFile(stateFile, 'utf8')));
    const only = (name: string) => resources.find((each) => each.name === name)?.instances[0];
    const last = z.object({ status: z.string().optional() }).parse(only('register'));
    const { attributes, status } = instance.parse(only('sweep'));
    if (last.status !== 'tainted' && status !== 'tainted') return attributes.input.value.attempt;
  } catch {
    // No state, or none with a finished attempt in it.
  }
  return newAttempt();
}

/** A name that no attempt had before: every stage of the next apply runs. */
export const newAttempt = (): string => randomUUID();

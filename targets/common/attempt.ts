import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { State } from '../../clients/terraform/state/state.js';
import { stepIn } from './stages/input-in-state.js';

/** The one fact that is read here; ignores others. */
const swept = z.object({ input: z.object({ value: z.object({ attempt: z.string() }) }) });

/**
 * The name of the last apply's attempt, if it finished: the next apply keeps the name, so that its plan is
 * empty. `undefined` after an interrupted one: then the next apply gets a {@link newAttempt} and starts with
 * the removal of left-overs.
 */
export function finishedAttempt(state: State): string | undefined {
  const [first, last] = [stepIn(state, 'sweep'), stepIn(state, 'register')];
  if (first === undefined || first.status === 'tainted') return undefined;
  if (last === undefined || last.status === 'tainted') return undefined;
  return lastAttempt(state);
}

/** The name of the last apply's attempt, finished or not; `undefined` when it did not come to the first stage. */
export function lastAttempt(state: State): string | undefined {
  return swept.safeParse(stepIn(state, 'sweep')?.attributes).data?.input.value.attempt;
}

/** The attempt of the next apply: the {@link finishedAttempt}, or else a {@link newAttempt}. */
export const attemptOf = (state: State | undefined): string =>
  (state && finishedAttempt(state)) ?? newAttempt();

/** A new name: every stage of the next apply runs. */
export const newAttempt = (): string => randomUUID();

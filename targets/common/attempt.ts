import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { State } from '../../clients/terraform/state/state.js';
import { stepIn } from './stages/input-in-state.js';

/** All that is asked here, whatever else its kit was told. */
const swept = z.object({ input: z.object({ value: z.object({ attempt: z.string() }) }) });

/**
 * Names the attempt that the last apply belonged to, when it was finished: it keeps its name, so that
 * the next plan is empty. After a cut one (`undefined`) there is a {@link newAttempt}, and the apply
 * begins with clearing the ground.
 */
export function finishedAttempt(state: State): string | undefined {
  const [first, last] = [stepIn(state, 'sweep'), stepIn(state, 'register')];
  if (first === undefined || first.status === 'tainted') return undefined;
  if (last === undefined || last.status === 'tainted') return undefined;
  return swept.safeParse(first.attributes).data?.input.value.attempt;
}

/** The {@link finishedAttempt}, or else a {@link newAttempt}: what the next apply belongs to. */
export const attemptOf = (state: State | undefined): string =>
  (state && finishedAttempt(state)) ?? newAttempt();

/** A name that no attempt had before: every stage of the next apply runs. */
export const newAttempt = (): string => randomUUID();

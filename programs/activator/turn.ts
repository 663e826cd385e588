import { type OwnAnswer, refusal } from '../own-answer.js';
import type { Instance } from './instance.js';

/**
 * The fate of a request: admitted to an instance; turned away with an answer; or left by its client.
 */
export type Turn =
  | { readonly outcome: 'admitted'; readonly instance: Instance; readonly giveBack: () => void }
  | { readonly outcome: 'refused'; readonly answer: OwnAnswer }
  | { readonly outcome: 'gone' };

const RETRY_MS = 1_000;

/** As many requests wait as may. */
export const queueFull = (name: string, most: number): Turn =>
  throttled(`Too many requests: ${most} run or wait at the function ${name} already.`);

/** It waited as long as it may. */
export const waitedTooLong = (name: string, waitMs: number): Turn =>
  throttled(`No instance of the function ${name} was free within ${waitMs / 1000} s.`);

const throttled = (message: string): Turn => ({
  outcome: 'refused',
  answer: { ...refusal(429, 'THROTTLED', message), retryAfterMs: RETRY_MS },
});

/** No instance can be started. The reason is for its owner: log and report have it. */
export const notStarting = (name: string, retryAfterMs: number): Turn => ({
  outcome: 'refused',
  answer: {
    ...refusal(503, 'FUNCTION_FAILED', `The function ${name} does not start at the moment.`),
    retryAfterMs: Math.max(RETRY_MS, retryAfterMs),
  },
});

/** There is no such function, or not any more. */
export const noFunction = (): Turn => ({
  outcome: 'refused',
  answer: refusal(404, 'NO_FUNCTION', 'There is no such function.'),
});

/** The activator stops. */
export const stopping = (): Turn => ({
  outcome: 'refused',
  answer: {
    ...refusal(503, 'STOPPING', 'The functions are being restarted.'),
    ...{ retryAfterMs: RETRY_MS, isLast: true },
  },
});

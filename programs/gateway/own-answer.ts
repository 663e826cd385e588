import { type OwnAnswer, refusal } from '../own-answer.js';
import type { RateLimitProps, Turn } from './rate-lane.js';

/** A refusal of the data API as servers answer it: HTTP 200, and no data. */
export const serverRefusal = (message: string, code: number): OwnAnswer => ({
  status: 200,
  body: { errors: [{ message, code }] },
});

/** A field of an answer. */
export interface AnswerField {
  readonly responseKey: string;
  readonly isMutation: boolean;
}

/**
 * A refusal of the management API as servers answer it: HTTP 200; refused mutations are null, refused
 * queries have no data.
 * @param field that is refused; `undefined` when the body was not read
 */
export const fieldRefusal = (message: string, code: number, field?: AnswerField): OwnAnswer => ({
  status: 200,
  body: {
    data: field?.isMutation ? { [field.responseKey]: null } : null,
    errors: [{ message, ...(field && { path: [field.responseKey] }), code }],
  },
});

/** A refused token. */
export const tokenRefusal = (message: string, field?: AnswerField): OwnAnswer =>
  fieldRefusal(message, 3015, field);

/** The answer to a request that was not admitted; none for a client that has left. */
export function turnedAway(turn: Turn, limit: RateLimitProps): OwnAnswer | undefined {
  if (turn.outcome === 'refused') {
    const { requests, perMs, queue } = limit;
    const message =
      `Too many requests: this service may make ${requests} in ${perMs / 1000} s on average, ` +
      `and ${queue} are waiting already.`;
    return { ...refusal(429, 'THROTTLED', message), retryAfterMs: turn.retryAfterMs };
  }
  if (turn.outcome === 'stopping') return STOPPING;
  return undefined;
}

/** The answer to requests that arrive or wait while the gateway stops. */
export const STOPPING: OwnAnswer = {
  ...refusal(503, 'STOPPING', 'The gateway stops; the request was not passed on.'),
  retryAfterMs: 1_000,
  isLast: true,
};

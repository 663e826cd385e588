import { type OwnAnswer, refusal } from './own-answer.js';
import type { RateLimitProps, Turn } from './rate-lane.js';

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

import { type OwnAnswer, refusal } from './own-answer.js';
import type { RateLimitProps, Turn } from './rate-lane.js';

/** What a client reads whose request was not let through; nothing for one that is gone. */
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

/** What a client reads who came, or waited, when the gateway was told to stop. */
export const STOPPING: OwnAnswer = {
  ...refusal(503, 'STOPPING', 'The gateway stops; the request was not passed on.'),
  retryAfterMs: 1_000,
  isLast: true,
};

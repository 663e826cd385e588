import pRetry from 'p-retry';
import { beforeAbort, timeLimit } from './time-limit.js';

/** Bounds of {@link retryUntil}. */
export interface RetryBounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Repeats `attempt` until it succeeds, after pauses of 0.1 s to 1 s. After the timeout it throws the last
 * error, and waits for no attempt that is still under way. p-retry's `AbortError` ends it at once.
 */
export async function retryUntil<T>(attempt: () => Promise<T>, bounds: RetryBounds): Promise<T> {
  const { timeoutMs, signal } = bounds;
  const limit = timeLimit(timeoutMs, signal);
  let last: unknown;
  const repeated = pRetry(
    async () => {
      try {
        return await attempt();
      } catch (error) {
        last = error;
        throw error;
      }
    },
    {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 100,
      maxTimeout: 1000,
      factor: 1.3,
      signal: limit,
    },
  );
  try {
    return await beforeAbort(limit, repeated);
  } catch (error) {
    signal?.throwIfAborted();
    throw limit.aborted ? (last ?? error) : error;
  }
}

/** As {@link retryUntil}, for what may also not succeed. @returns whether it did in time */
export async function succeedsWithin(
  attempt: () => Promise<unknown>,
  bounds: RetryBounds,
): Promise<boolean> {
  try {
    await retryUntil(attempt, bounds);
    return true;
  } catch {
    bounds.signal?.throwIfAborted();
    return false;
  }
}

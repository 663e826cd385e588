import pRetry from 'p-retry';

/** Bounds of {@link retryUntil}. */
export interface RetryBounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Repeats `attempt` until it succeeds, after pauses of 0.1 s to 1 s. After the timeout it throws the last
 * error. p-retry's `AbortError` ends it at once.
 */
export function retryUntil<T>(attempt: () => Promise<T>, bounds: RetryBounds): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: bounds.timeoutMs,
    minTimeout: 100,
    maxTimeout: 1000,
    factor: 1.3,
    ...(bounds.signal && { signal: bounds.signal }),
  });
}

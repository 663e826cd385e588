import pRetry from 'p-retry';

/** Bounds of {@link retryUntil}. */
export interface RetryBounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tries until `attempt` succeeds, from 0.1 s apart to 1 s, or until the time is up; then the last
 * error comes out. p-retry's `AbortError` ends it at once.
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

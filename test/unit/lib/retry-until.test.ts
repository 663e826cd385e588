import { AbortError } from 'p-retry';
import { describe, expect, test } from 'vitest';
import { retryUntil } from '../../../lib/retry-until.js';

describe('retryUntil', () => {
  test('gives the first success', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return attempts;
    };
    expect(await retryUntil(attempt, { timeoutMs: 5000 })).toBe(3);
  });

  test('gives the last error when the time is up', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw new Error(`attempt ${attempts}`);
    };
    const startedAt = performance.now();
    await expect(retryUntil(attempt, { timeoutMs: 500 })).rejects.toThrow(/^attempt \d+$/);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(attempts).toBeGreaterThan(1);
  });

  test('waits for no attempt that never ends', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts > 1) await new Promise(() => {});
      throw new Error(`attempt ${attempts}`);
    };
    await expect(retryUntil(attempt, { timeoutMs: 500 })).rejects.toThrow('attempt 1');
    expect(attempts).toBe(2);
  });

  test('ends at once when an attempt is the last one by its own word', async () => {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      throw new AbortError('hopeless');
    };
    await expect(retryUntil(attempt, { timeoutMs: 60_000 })).rejects.toThrow('hopeless');
    expect(attempts).toBe(1);
  });

  test('ends at the signal', async () => {
    const attempt = async () => {
      throw new Error('not yet');
    };
    const signal = AbortSignal.timeout(200);
    await expect(retryUntil(attempt, { timeoutMs: 60_000, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

import { AbortError } from 'p-retry';
import { retryUntil } from '../../lib/retry-until.js';
import { type Engine, statusOf } from './connect.js';

/** An engine needs about a second for one; more when its disk is busy. */
const REMOVAL_MS = 30_000;

/**
 * Removes a container, running or not, with its anonymous volumes. A container that is already gone
 * counts as done. Waits for a removal that is already in progress, such as one of an interrupted
 * run.
 * @param id or name
 */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  const attempt = async () => {
    try {
      await engine.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      if (statusOf(error) === 404) return;
      if (statusOf(error) === 409 && /already in progress/.test(String(error))) throw error;
      throw new AbortError(error as Error);
    }
  };
  await retryUntil(attempt, { timeoutMs: REMOVAL_MS });
}

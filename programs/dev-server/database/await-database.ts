import { type Log, reasonOf } from '../../log.js';

/**
 * Runs `attempt` until it succeeds, with pauses of 0.25 to 4 s, and logs each new reason once.
 * @throws the last error when the time is up
 */
export async function awaitDatabase(
  attempt: () => Promise<void>,
  log: Log,
  {
    totalMs,
    now,
    sleep,
  }: {
    readonly totalMs: number;
    readonly now: () => number;
    readonly sleep: (ms: number) => Promise<void>;
  },
): Promise<void> {
  const deadline = now() + totalMs;
  let lastReason = '';
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 4_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (now() + pauseMs > deadline) throw error;
      const reason = reasonOf(error);
      if (reason !== lastReason) log(`waiting for the database: ${reason}`);
      lastReason = reason;
      await sleep(pauseMs);
    }
  }
}

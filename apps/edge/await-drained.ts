import type { Engine } from '../../clients/docker/connect.js';
import { succeedsWithin } from '../../lib/retry-until.js';
import { workersOf } from './ask-master.js';
import { findEdges } from './find-edges.js';

/**
 * Waits until no request is answered by a configuration before the current one: all edges' workers of those have
 * ended. They end by themselves when the longest drain of their routes is over.
 *
 * @returns whether that was so within the limit
 */
export async function awaitDrained(
  engine: Engine,
  cluster: string,
  limitMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const attempt = async () => {
    const edges = await findEdges(engine, cluster);
    const running = edges.filter(({ isRunning }) => isRunning);
    const workers = await Promise.all(running.map(({ container }) => workersOf(container)));
    if (workers.some(({ old }) => old.length > 0)) throw new Error('workers are draining');
  };
  return succeedsWithin(attempt, { timeoutMs: limitMs, signal });
}

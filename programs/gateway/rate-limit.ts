import type { Clock } from './clock.js';
import { Lane, type RateLimitProps, type Turn } from './rate-lane.js';

/**
 * Limits each service by a bucket of its own: a request takes a token, tokens come back evenly, and
 * who finds none waits in line. Services that rest take no memory.
 */
export class RateLimit {
  readonly #lanes = new Map<string, Lane>();
  #sweepAt: number;
  #isStopping = false;

  constructor(
    private readonly props: RateLimitProps,
    private readonly clock: Clock,
  ) {
    this.#sweepAt = clock.now() + props.perMs;
  }

  /** Settles when it is the request's turn, or when it never will be. Never rejects. */
  take(key: string, signal: AbortSignal): Promise<Turn> {
    if (this.#isStopping) return Promise.resolve({ outcome: 'stopping' });
    this.#sweep();
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(this.props, this.clock);
      this.#lanes.set(key, lane);
    }
    return lane.take(signal);
  }

  /** Requests that wait in all lines. */
  get waiting(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += lane.waiting;
    return sum;
  }

  /** Requests that wait, by the keys of services that somebody waits for. */
  *waitingByService(): Iterable<readonly [key: string, count: number]> {
    for (const [key, { waiting }] of this.#lanes) if (waiting > 0) yield [key, waiting];
  }

  /** Services that are remembered. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Sends everybody away, who waits and who still comes. */
  stop(): void {
    this.#isStopping = true;
    for (const lane of this.#lanes.values()) lane.stop();
  }

  #sweep(): void {
    const now = this.clock.now();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + this.props.perMs;
    for (const [key, lane] of this.#lanes) if (lane.rests) this.#lanes.delete(key);
  }
}

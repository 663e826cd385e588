import type { Clock } from '../clock.js';
import { Lane, type RateLimitProps, type Turn } from './rate-lane.js';

/**
 * Limits each service with a token bucket of its own: a request takes a token, tokens come back
 * evenly, and requests without a token wait in a queue. Idle services take no memory.
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

  /** Number of waiting requests in all queues. */
  get waiting(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += lane.waiting;
    return sum;
  }

  /** Number of waiting requests by service, for services that have any. */
  *waitingByService(): Iterable<readonly [key: string, count: number]> {
    for (const [key, { waiting }] of this.#lanes) if (waiting > 0) yield [key, waiting];
  }

  /** Number of services in memory. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Refuses all requests, waiting and new ones. */
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

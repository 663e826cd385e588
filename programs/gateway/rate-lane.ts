import type { Clock } from '../clock.js';

/** The limit of one service's requests. */
export interface RateLimitProps {
  /** On average, this many requests in `perMs`; all at once after a pause. */
  readonly requests: number;
  readonly perMs: number;
  /** Length of the queue; requests beyond it are refused. */
  readonly queue: number;
}

/**
 * The fate of a request: admitted after `delayedMs` (0 when at once); refused because the queue is
 * full, with a free place in `retryAfterMs`; left by its client; or sent away because the gateway
 * stops.
 */
export type Turn =
  | { readonly outcome: 'admitted'; readonly delayedMs: number }
  | { readonly outcome: 'refused'; readonly retryAfterMs: number }
  | { readonly outcome: 'gone' | 'stopping' };

interface Waiter {
  readonly since: number;
  settle(turn: Turn): void;
}

/** Tolerance in ms, for intervals that binary fractions cannot express exactly. */
const TOLERANCE_MS = 1e-6;

/**
 * The token bucket and the queue of one service. The bucket is one number, the time at which it is
 * full again: each request moves it on by the time that one token takes.
 */
export class Lane {
  readonly #intervalMs: number;
  #fullAt = Number.NEGATIVE_INFINITY;
  /** In order of arrival. */
  readonly #line = new Set<Waiter>();
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly props: RateLimitProps,
    private readonly clock: Clock,
  ) {
    this.#intervalMs = props.perMs / props.requests;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Whether a new lane would behave the same, so that this one can be dropped. */
  get rests(): boolean {
    return this.#line.size === 0 && this.#fullAt <= this.clock.now();
  }

  /** @see RateLimit.take */
  take(signal: AbortSignal): Promise<Turn> {
    if (signal.aborted) return Promise.resolve({ outcome: 'gone' });
    if (this.#line.size === 0 && this.#takeToken()) {
      return Promise.resolve({ outcome: 'admitted', delayedMs: 0 });
    }
    if (this.#line.size >= this.props.queue) {
      return Promise.resolve({ outcome: 'refused', retryAfterMs: this.#msToToken() });
    }
    return this.#wait(signal);
  }

  stop(): void {
    for (const waiter of this.#line) waiter.settle({ outcome: 'stopping' });
  }

  #wait(signal: AbortSignal): Promise<Turn> {
    return new Promise((resolve) => {
      const leave = () => waiter.settle({ outcome: 'gone' });
      const waiter: Waiter = {
        since: this.clock.now(),
        settle: (turn) => {
          signal.removeEventListener('abort', leave);
          this.#line.delete(waiter);
          if (this.#line.size === 0) this.#stopTimer();
          resolve(turn);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#line.add(waiter);
      this.#startTimer();
    });
  }

  #takeToken(): boolean {
    if (this.#msToToken() > 0) return false;
    this.#fullAt = Math.max(this.#fullAt, this.clock.now()) + this.#intervalMs;
    return true;
  }

  /** Time until the bucket has a token; 0 when it has one. */
  #msToToken(): number {
    const allButOne = (this.props.requests - 1) * this.#intervalMs;
    const ms = this.#fullAt - allButOne - this.clock.now();
    return ms <= TOLERANCE_MS ? 0 : ms;
  }

  #startTimer(): void {
    this.#cancelTimer ??= this.clock.after(Math.ceil(this.#msToToken()), () => this.#serve());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #serve(): void {
    this.#cancelTimer = undefined;
    for (const waiter of this.#line) {
      if (!this.#takeToken()) break;
      const delayedMs = Math.round(this.clock.now() - waiter.since);
      waiter.settle({ outcome: 'admitted', delayedMs });
    }
    if (this.#line.size > 0) this.#startTimer();
  }
}

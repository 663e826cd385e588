import pLimit from 'p-limit';
import { ApiError } from '../api-error.js';

/** Requests that are worked on at the same time, those that wait, and bytes of all their bodies. */
const LIMITS = { working: 16, waiting: 500, bytes: 48 * 1024 * 1024 } as const;

const BUSY = 'The server has too many requests at the moment. Try again in a few seconds.';

/** Keeps what all requests together use within bounds, whatever clients send. */
export class Turns {
  readonly #turns = pLimit(LIMITS.working);
  #bytes = 0;

  /** Runs `work` when it is its turn. @throws ApiError 503 when too many wait already */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#turns.pendingCount >= LIMITS.waiting) throw new ApiError(undefined, BUSY, 503);
    return this.#turns(work);
  }

  /** Counts bytes of a body; negative ones are released. @throws ApiError 503 */
  take(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > LIMITS.bytes) throw new ApiError(undefined, BUSY, 503);
    this.#bytes += bytes;
  }
}

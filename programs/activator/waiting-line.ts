import type { Clock } from '../clock.js';
import type { Turn } from './turn.js';

/** A request that waits. */
interface Waiter {
  settle(turn: Turn): void;
}

/** Requests that wait for an instance, in the order of their arrival. */
export class WaitingLine {
  /** Those that were admitted before, to an instance that was not there. */
  readonly #first = new Set<Waiter>();
  readonly #line = new Set<Waiter>();

  constructor(private readonly clock: Clock) {}

  get length(): number {
    return this.#first.size + this.#line.size;
  }

  /** @param onLate the fate of a request that waits for `waitMs` */
  wait(
    signal: AbortSignal,
    { isAgain, waitMs, onLate }: { isAgain: boolean; waitMs: number; onLate: () => Turn },
  ): Promise<Turn> {
    const line = isAgain ? this.#first : this.#line;
    return new Promise((resolve) => {
      const leave = () => waiter.settle({ outcome: 'gone' });
      const cancel = this.clock.after(waitMs, () => waiter.settle(onLate()));
      const waiter: Waiter = {
        settle(turn) {
          signal.removeEventListener('abort', leave);
          cancel();
          line.delete(waiter);
          resolve(turn);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      line.add(waiter);
    });
  }

  /** Settles one after the other, as long as there is a turn. */
  serve(next: () => Turn | undefined): void {
    for (const line of [this.#first, this.#line]) {
      for (const waiter of line) {
        const turn = next();
        if (turn === undefined) return;
        waiter.settle(turn);
      }
    }
  }
}

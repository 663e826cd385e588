import type { Clock } from '../../../programs/clock.js';

/** A clock that goes only when the test says so, and runs what is due in its order. */
export class HandClock implements Clock {
  #now = 0;
  #next = 0;
  readonly #due = new Map<number, { at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const id = this.#next++;
    this.#due.set(id, { at: this.#now + ms, run });
    return () => this.#due.delete(id);
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#due.size;
  }

  /** Goes on by `ms`; promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [first] = [...this.#due].sort(([a, x], [b, y]) => x.at - y.at || a - b);
      if (first === undefined || first[1].at > end) break;
      this.#due.delete(first[0]);
      this.#now = Math.max(this.#now, first[1].at);
      first[1].run();
    }
    this.#now = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

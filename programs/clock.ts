/** A program's clock; tests turn it by hand. */
export interface Clock {
  /** Milliseconds since a fixed point; never goes back. */
  now(): number;
  /** Calls `run` once, after `ms` at the earliest; the returned function cancels that. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of this process; its timers do not keep the process alive. */
export const processClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Time as the gateway sees it, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since some fixed point; never goes back. */
  now(): number;
  /** Runs `run` once, not before `ms` have gone by; the answer calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of this process; nothing that waits by it keeps the process alive. */
export const processClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** From so many failures in a row on, requests do not wait for the next attempt. */
export const HOPELESS_FAILURES = 3;

/** Pause before the next start, after so many failures in a row. */
export const backoffMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));

import { expect } from 'vitest';

/** Steps of these names, in this order, as `--json` shows them. */
export const stepTimes = (...names: readonly string[]) =>
  names.map((step) => ({ step, ms: expect.any(Number) }));

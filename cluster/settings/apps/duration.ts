import { z } from 'zod';

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const TEXT = /^([1-9]\d{0,8})(ms|s|m|h|d)$/;
const DAY_MS = 86_400_000;
const DURATION = 'should be a time such as 500ms, 30s, 15m or 1h, of at most a day';

/** A time in `clusters.yml`, such as `30s`. */
export const duration = () =>
  z
    .string(DURATION)
    .regex(TEXT, { error: DURATION, abort: true })
    .refine((text) => milliseconds(text) <= DAY_MS, DURATION);

/** The milliseconds of a {@link duration}. */
export function milliseconds(text: string): number {
  const [, amount = '', unit = 's'] = TEXT.exec(text) ?? [];
  return Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

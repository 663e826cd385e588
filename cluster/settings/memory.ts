import { z } from 'zod';

const LEAST_MB = 128;
const MOST_MB = 1_048_576;
const TEXT = /^(\d{1,7})\s?(m|mb|g|gb)$/i;

/** Memory in `clusters.yml`: megabytes, or a text with its unit. @param least in megabytes */
export function memory(description: string, least = LEAST_MB) {
  const what = `should be from ${least} to ${MOST_MB} megabytes, such as 1024, "1024m" or "1g"`;
  return z
    .union(
      [
        z.int(what).min(least, what).max(MOST_MB, what),
        z
          .string(what)
          .regex(TEXT, { error: what, abort: true })
          .refine((text) => megabytes(text) >= least && megabytes(text) <= MOST_MB, what),
      ],
      what,
    )
    .describe(description)
    .optional();
}

/** The megabytes of a {@link memory} setting. */
export function megabytes(value: number | string): number {
  if (typeof value === 'number') return value;
  const [, amount = '', unit = ''] = TEXT.exec(value) ?? [];
  return Number(amount) * (unit.toLowerCase().startsWith('g') ? 1024 : 1);
}

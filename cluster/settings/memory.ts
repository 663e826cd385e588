import { z } from 'zod';

const LEAST_MB = 128;
const MOST_MB = 1_048_576;
const MEMORY = `should be from ${LEAST_MB} to ${MOST_MB} megabytes, such as 1024, "1024m" or "1g"`;
const TEXT = /^(\d{1,7})\s?(m|mb|g|gb)$/i;

/** Memory in `clusters.yml`: megabytes, or a text with its unit. */
export const memory = (description: string) =>
  z
    .union(
      [
        z.int(MEMORY).min(LEAST_MB, MEMORY).max(MOST_MB, MEMORY),
        z
          .string(MEMORY)
          .regex(TEXT, { error: MEMORY, abort: true })
          .refine((text) => megabytes(text) >= LEAST_MB && megabytes(text) <= MOST_MB, MEMORY),
      ],
      MEMORY,
    )
    .describe(description)
    .optional();

/** The megabytes of a {@link memory} setting. */
export function megabytes(value: number | string): number {
  if (typeof value === 'number') return value;
  const [, amount = '', unit = ''] = TEXT.exec(value) ?? [];
  return Number(amount) * (unit.toLowerCase().startsWith('g') ? 1024 : 1);
}

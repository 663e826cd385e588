import { usageError } from '../../lib/errors.js';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of `15m`, `90s`, `12h` or `7d`. @throws KitError `duration-invalid` (exit 2) */
export function parseDuration(text: string, path: string): number {
  const [, digits, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  if (digits !== undefined && unit !== undefined) {
    return Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  }
  throw usageError('duration-invalid', {
    path,
    message: `'${text}' is not a duration`,
    hint: 'Write a whole number and a unit: 90s, 15m, 12h, 7d.',
  });
}

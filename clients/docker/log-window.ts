const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The forms that {@link parseSince} accepts, for messages. */
export const SINCE_FORMS =
  'Write how long ago (90s, 10m, 1h30m, 7d), or when: 2026-02-01, 2026-02-01T15:04:05 (time of this machine), 2026-02-01T15:04:05Z, or seconds since 1970.';

/** The forms that {@link parseTail} accepts, for messages. */
export const TAIL_FORMS = 'Write how many of the last lines, such as 100, or all.';

/**
 * Parses a time as `docker logs --since` does, and also days. Returns the engine's form: seconds
 * since 1970 with nanoseconds; `undefined` for any other text.
 */
export function parseSince(text: string, now: Date): string | undefined {
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) {
    const parts = [...text.matchAll(/([\d.]+)(ms|[smhd])/g)];
    const ago = parts.reduce(
      (sum, [, n, unit]) => sum + Number(n) * MS[unit as keyof typeof MS],
      0,
    );
    return engineTime(Math.max(0, now.getTime() - ago));
  }
  // Fewer digits are a duration without its unit.
  if (/^\d{9,11}(\.\d{1,9})?$/.test(text)) return text;
  const [, date, time = 'T00:00', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (date === undefined || !isDay(date) || (time.length < 9 && fraction !== '')) return undefined;
  if (zone !== '' && !text.includes('T')) return undefined;
  const ms = Date.parse(`${date}${time}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  return `${Math.floor(ms / 1000)}.${fraction.slice(1).padEnd(9, '0')}`;
}

/** Number of last lines; `undefined` for any other text. */
export function parseTail(text: string): number | 'all' | undefined {
  if (text === 'all') return text;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The next nanosecond after a line's time (RFC 3339), in the engine's form. */
export function momentAfter(time: string): string {
  const [, whole = '', nanoseconds = '0', zone = ''] =
    /^(.*?)\.(\d{9})(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  const seconds = Math.floor(Date.parse(`${whole}${zone}`) / 1000);
  const next = Number(nanoseconds) + 1;
  return next < 1e9
    ? `${seconds}.${String(next).padStart(9, '0')}`
    : `${seconds + 1}.${'0'.repeat(9)}`;
}

const engineTime = (ms: number) =>
  `${Math.floor(ms / 1000)}.${String(Math.round(ms % 1000)).padStart(3, '0')}000000`;

/** Whether the day exists: `Date` turns the 30th of February into a day in March. */
const isDay = (date: string) => {
  const ms = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
};

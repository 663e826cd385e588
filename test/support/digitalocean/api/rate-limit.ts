import { tooManyRequests } from './api-error.js';

/** How many calls a token has. */
export interface Rates {
  readonly perHour: number;
  readonly perMinute: number;
}

/** Counts the calls of tokens in sliding windows. */
export interface RateLimit {
  /** Counts one call and gives the headers of its answer. Throws 429 when there were too many. */
  count(token: string): Readonly<Record<string, string>>;
  /** The headers as they stand. */
  headers(token: string): Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A {@link RateLimit} on the clock `now` (milliseconds). */
export function rateLimit(now: () => number, { perHour, perMinute }: Rates): RateLimit {
  const calls = new Map<string, number[]>();
  const recent = (token: string): number[] => {
    const kept = (calls.get(token) ?? []).filter((at) => at > now() - HOUR_MS);
    calls.set(token, kept);
    return kept;
  };
  const headers = (token: string) => {
    const hour = recent(token);
    const minute = hour.filter((at) => at > now() - MINUTE_MS);
    const left = Math.min(perHour - hour.length, perMinute - minute.length);
    const oldest = hour[0] ?? now();
    return {
      'ratelimit-limit': String(perHour),
      'ratelimit-remaining': String(Math.max(0, Math.min(left, perHour))),
      'ratelimit-reset': String(Math.ceil((oldest + HOUR_MS) / 1000)),
    };
  };
  return {
    headers,
    count: (token) => {
      const hour = recent(token);
      const minute = hour.filter((at) => at > now() - MINUTE_MS);
      const waitMs = Math.max(
        hour.length >= perHour ? (hour[0] ?? 0) + HOUR_MS - now() : 0,
        minute.length >= perMinute ? (minute[0] ?? 0) + MINUTE_MS - now() : 0,
      );
      if (waitMs > 0) throw tooManyRequests(Math.ceil(waitMs / 1000));
      hour.push(now());
      return headers(token);
    },
  };
}

import { parseSince, parseTail, SINCE_FORMS, TAIL_FORMS } from '../../clients/docker/log-window.js';
import type { Problem } from '../../lib/errors.js';

/** Options of every command that shows a log. */
export interface LogOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly tail?: string;
}

/** The part of a log that options name, and what is wrong with them. */
export function logRange({ follow = false, since, tail = 'all' }: LogOptions, now: Date) {
  const from = since === undefined ? undefined : parseSince(since, now);
  const lines = parseTail(tail);
  const problems: Problem[] = [];
  if (since !== undefined && from === undefined) {
    problems.push({ path: '--since', message: `'${since}' is no time`, hint: SINCE_FORMS });
  }
  if (lines === undefined) {
    const message = `'${tail}' is no number of lines`;
    problems.push({ path: '--tail', message, hint: TAIL_FORMS });
  }
  return { range: { follow, since: from, tail: lines ?? ('all' as const) }, problems };
}

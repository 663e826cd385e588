import type { Log } from './log.js';

const PERIOD_MS = 10_000;

/** A {@link Log} that writes a repeated line once in 10 s, so that many clients do not fill the log. */
export function withoutRepeats(log: Log, now: () => number): Log {
  let last = { line: '', since: 0, repeats: 0 };
  return (line) => {
    if (line === last.line && now() - last.since < PERIOD_MS) {
      last.repeats += 1;
      return;
    }
    if (last.repeats > 0) log(`${last.line} (${last.repeats} more times)`);
    last = { line, since: now(), repeats: 0 };
    log(line);
  };
}

import { environmentError, type KitError } from '../../lib/errors.js';

/** Tokens of the kit are valid for a minute or longer. */
const TOLERATED_MS = 30_000;

/** How far the clock of a server is ahead of ours; undefined when its answer has no date. */
export function clockAhead(date: unknown, now: number): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(theirs) ? undefined : theirs - now;
}

/** Why a server refuses tokens that are signed with the right key: its clock differs from ours. */
export function clockReason(aheadMs: number | undefined): string | undefined {
  if (aheadMs === undefined || Math.abs(aheadMs) < TOLERATED_MS) return undefined;
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  return `the server's clock is ${duration(Math.abs(aheadMs))} ${direction} the one of this machine, and tokens are valid for a short time only`;
}

/** The reason as an error. @param more what follows for the command */
export const clockError = (path: string, message: string, more = ''): KitError =>
  environmentError('clock-differs', { path, message, hint: `${CLOCK_HINT}${more}` });

/** What to do about it. */
export const CLOCK_HINT =
  'Set the clock that is wrong, best by a time service (timedatectl set-ntp true), and try again. It may also use another secret: that shows only then.';

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

import type { Problem } from '../lib/errors.js';
import { CLOCK_HINT } from '../prisma/probe/clock.js';
import type { EntryHealth } from '../registry/probe-entry.js';
import type { ContainersFound } from '../targets/common/container-states.js';

/** Why a server refuses what should count. */
export function refusalProblems(
  path: string,
  { refusal, clock, auth, message }: EntryHealth,
): Problem[] {
  if (refusal !== undefined) {
    return [{ path, message: message ?? 'its certificate is refused', hint: refusal.hint }];
  }
  return auth === 'refused' && clock !== undefined
    ? [{ path, message: clock, hint: CLOCK_HINT }]
    : [];
}

/** Why a server that runs gives no answer; a server that does not run needs no reason. */
export const silenceProblems = (
  path: string,
  { online, refusal, message }: EntryHealth,
  { containers }: ContainersFound,
): Problem[] =>
  online || refusal !== undefined || message === undefined || containers.server !== 'running'
    ? []
    : [
        {
          path,
          message: `the server runs, but does not answer as one: ${message}`,
          hint: 'It may still start, or wait for its database: see clusterkit logs NAME.',
        },
      ];

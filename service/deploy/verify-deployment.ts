import type { ServiceState } from '../../prisma/probe/ask-service.js';
import type { Difference } from './datamodel-differences.js';

/** What is known after a CLI exited with 0. */
export interface Evidence {
  readonly before: ServiceState | undefined;
  readonly after: ServiceState | undefined;
  /** Between datamodel and API; `undefined`: not comparable. */
  readonly differences: readonly Difference[] | undefined;
}

/** Does the server have the service with the new datamodel? With the reason when it does not. */
export type Judgement =
  | { readonly deployed: true; readonly sure: boolean }
  | {
      readonly deployed: false;
      readonly reason: string;
      /** There was no migration, and the API has what the datamodel lacks, and nothing else. */
      readonly onlyRemovals: boolean;
    };

/** Differences in a message; the rest is counted. */
const SHOWN = 5;

/**
 * Decides whether a deployment took place, from the state of the server: several CLIs exit with 0 without
 * deploying anything.
 */
export function judgeDeployment({ before, after, differences }: Evidence): Judgement {
  if (after === undefined) return no('the server does not have the service');
  const isNew = before === undefined ? after.revision > 1 : after.revision > before.revision;
  if (isNew && after.status !== 'SUCCESS') {
    const words = after.errors.length > 0 ? `: ${after.errors.join('; ')}` : '';
    return no(`its last migration ended as ${after.status}${words}`);
  }
  const relevant = differences?.filter(({ kind }) => !isNew || kind === 'missing') ?? [];
  if (relevant.length > 0) {
    const names = relevant.slice(0, SHOWN).map(({ what }) => what);
    const more = relevant.length > SHOWN ? ` and ${relevant.length - SHOWN} more` : '';
    return no(
      `its API still has the old datamodel (different: ${names.join(', ')}${more})`,
      !isNew && relevant.every(({ kind }) => kind === 'extra'),
    );
  }
  if (differences === undefined && !isNew && before === undefined) {
    return no('the service was created, but nothing was deployed to it');
  }
  return { deployed: true, sure: differences !== undefined || isNew };
}

/** Is the last migration still running? */
export const isRunning = (state: ServiceState | undefined): boolean =>
  state !== undefined && /^(PENDING|IN_PROGRESS|ROLLING_BACK)$/.test(state.status);

const no = (reason: string, onlyRemovals = false) => ({
  deployed: false as const,
  reason,
  onlyRemovals,
});

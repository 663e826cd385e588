import type { Difference } from './datamodel-differences.js';

/** A service on a server; `undefined`: it is not there. */
export interface ServiceState {
  /** Number of the last migration. Creating a service counts as the first. */
  readonly revision: number;
  /** Such as `SUCCESS`, `IN_PROGRESS`, `ROLLBACK_SUCCESS`. */
  readonly status: string;
  readonly errors: readonly string[];
}

/** What is known after a CLI said that all went well. */
export interface Evidence {
  readonly before: ServiceState | undefined;
  readonly after: ServiceState | undefined;
  /** Between datamodel and API; `undefined`: they could not be compared. */
  readonly differences: readonly Difference[] | undefined;
}

/** Is the service there with the new datamodel? With the reason when it is not. */
export type Judgement =
  | { readonly deployed: true; readonly sure: boolean }
  | { readonly deployed: false; readonly reason: string };

/** Shown at most; the rest is counted. */
const SHOWN = 5;

/**
 * Whether a deployment took place. The server decides, not the CLI: several of them exit with 0 and
 * have deployed nothing.
 */
export function judgeDeployment({ before, after, differences }: Evidence): Judgement {
  if (after === undefined) return no('the server does not have it');
  const isNew = before === undefined ? after.revision > 1 : after.revision > before.revision;
  if (isNew && after.status !== 'SUCCESS') {
    const words = after.errors.length > 0 ? `: ${after.errors.join('; ')}` : '';
    return no(`its last migration ended as ${after.status}${words}`);
  }
  const telling = differences?.filter(({ kind }) => !isNew || kind === 'missing') ?? [];
  if (telling.length > 0) {
    const names = telling.slice(0, SHOWN).map(({ what }) => what);
    const more = telling.length > SHOWN ? ` and ${telling.length - SHOWN} more` : '';
    return no(`its API still has the old datamodel (different: ${names.join(', ')}${more})`);
  }
  if (differences === undefined && !isNew && before === undefined) {
    return no('it was created, but nothing was deployed to it');
  }
  return { deployed: true, sure: differences !== undefined || isNew };
}

/** Is the last migration still on its way? */
export const isUnderWay = (state: ServiceState | undefined): boolean =>
  state !== undefined && /^(PENDING|IN_PROGRESS|ROLLING_BACK)$/.test(state.status);

const no = (reason: string) => ({ deployed: false as const, reason });

import type { PlannedChange } from '../clients/terraform/events.js';
import { withClusterLock } from '../cluster/lock.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { knownStateOf, requireOwnStateOf } from '../targets/common/workspace.js';
import type { Cost } from '../targets/target.js';
import { mayHaveApps } from './apps/had-apps.js';
import { planApps } from './apps/up-apps.js';
import type { ClusterRun } from './cluster-run.js';
import { entryChange, entryStateOf } from './entry-state.js';
import { preflight } from './preflight.js';
import { type Served, servedBefore } from './served-before.js';
import { Steps, type StepTime } from './steps.js';

/** What `clusterkit plan` reports. Stable. */
export interface PlanResult {
  readonly cluster: string;
  readonly changes: readonly PlannedChange[];
  /** Cost while it runs, whether it exists or not. Only on targets that cost something. */
  readonly cost?: Cost;
  /** Only on targets that have any. */
  readonly warnings?: readonly string[];
  /** @default - it never was up */
  readonly before?: Served;
  readonly steps: readonly StepTime[];
}

/**
 * The steps of `plan`, on every target. Reports what `up` would do: pulls, changes of resources,
 * a registry entry that is missing or differs, and applications. Changes nothing.
 */
export async function plan(run: ClusterRun): Promise<PlanResult> {
  const { target, settings, context, targets } = run;
  const steps = new Steps(context.progress);
  const { before, mayHave } = await steps.run('check state', async () => {
    const state = await requireOwnStateOf(context);
    assertSameTarget(settings, state, targets);
    return { before: servedBefore(state), mayHave: mayHaveApps(run, state) };
  });
  const findings = await steps.run('preflight', () => preflight(run));
  // The lock keeps `plan` from overwriting the files of a running `up`.
  return withClusterLock(context, async () => {
    const {
      changes,
      warnings = [],
      ...more
    } = await steps.run('plan', () => target.plan(settings, context, findings));
    const entry = await steps.run('read registry', async () =>
      entryStateOf(context, await target.endpoint(settings, context, await knownStateOf(context))),
    );
    const apps = await steps.run('compare applications', () =>
      planApps(run, { isMade: before !== undefined, mayHave }),
    );
    const pulls = findings.missingImages.map((address) => ({ address, action: 'pull' }));
    const all = [...new Set([...warnings, ...findings.warnings])];
    return {
      cluster: settings.name,
      changes: [...pulls, ...changes, ...entryChange(entry), ...apps],
      ...more,
      ...(all.length > 0 && { warnings: all }),
      ...(before && { before }),
      steps: steps.times,
    };
  });
}

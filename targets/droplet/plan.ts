import type { PlannedChange, TerraformEvent } from '../../clients/terraform/events.js';
import { refuseReplacement } from '../../clients/terraform/replacement-guard.js';
import type { State } from '../../clients/terraform/state/state.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { withClusterLock } from '../../cluster/lock.js';
import { KitError } from '../../lib/errors.js';
import { accountName } from '../../stacks/droplet/account-names.js';
import type { DropletSettings } from '../clusters-file/cluster-settings.js';
import { planChanges } from '../common/apply.js';
import { inputIn } from '../common/stages/input-in-state.js';
import { knownStateOf, openWorkspace } from '../common/workspace.js';
import { entryChange, entryStateOf, type PlanResult } from '../docker/plan.js';
import { adoptionsOf } from './account/adopt.js';
import { type DropletCost, dropletCost } from './account/cost.js';
import { readLoginKey } from './keys/ssh-keys.js';
import { lookAhead } from './look-ahead.js';
import { emptyGround } from './machine/ground.js';
import type { DropletFindings } from './preflight.js';

/** What `clusterkit plan` reports of a cluster on a droplet. Stable. */
export interface DropletPlanResult extends PlanResult {
  /** What it costs while it runs, whether it is there or not. */
  readonly cost: DropletCost;
  readonly warnings: readonly string[];
}

/** What `up` would do on the account and here, and what that costs. Looks only. */
export async function planDroplet(
  settings: DropletSettings,
  world: ClusterWorld,
  sources: readonly string[],
): Promise<DropletPlanResult> {
  const findings = await lookAhead(settings, world, sources);
  // An `up` must find in its directory what it wrote there itself: its ground is not this one.
  return withClusterLock(world, () => planned(settings, world, findings));
}

async function planned(
  settings: DropletSettings,
  world: ClusterWorld,
  findings: Awaited<ReturnType<typeof lookAhead>>,
): Promise<DropletPlanResult> {
  const { stateDir } = world.project;
  const key = await knownLoginKey(keyDirectory(stateDir, settings.name));
  const ground = emptyGround(settings, stateDir, findings.operator, key);
  const { changes, events } = await planChanges(await openWorkspace(settings, world, { ground }));
  const adopted = new Set((await adoptionsOf(findings, world)).map(({ address }) => address));
  const state = await knownStateOf(world);
  const told = state && inputIn(state, 'register');
  const entry = entryChange(await entryStateOf(settings, world, told?.endpoint ?? ''));
  const pulls = findings.missingImages.map((address) => ({ address, action: 'pull' }));
  const shown = changes.map((change): PlannedChange => {
    return adopted.has(change.address) ? { ...change, action: 'adopt' } : change;
  });
  return {
    cluster: settings.name,
    changes: [...pulls, ...shown, ...databaseChange(settings, findings, state), ...entry],
    cost: await dropletCost(settings, findings.api),
    warnings: [...findings.warnings, ...lossesIn(events, settings.name)],
  };
}

/** A managed database is none of Terraform's, and a stage there would tell nobody that it costs. */
function databaseChange(
  settings: DropletSettings,
  { own }: Pick<DropletFindings, 'own'>,
  state: State | undefined,
): PlannedChange[] {
  if (settings.database.managed === undefined) return [];
  const address = `managed database ${accountName(settings.name, 'database')}`;
  if (!own.some(({ kind }) => kind === 'database')) return [{ address, action: 'create' }];
  const isKnown = state !== undefined && inputIn(state, 'drop-database') !== undefined;
  return isKnown ? [] : [{ address, action: 'adopt' }];
}

/** A key that is not made yet will be. */
async function knownLoginKey(directory: string): Promise<string | undefined> {
  try {
    return (await readLoginKey(directory)).publicKey;
  } catch (error) {
    if (error instanceof KitError && error.code === 'login-key-missing') return undefined;
    throw error;
  }
}

/** What `up` would refuse, in words. */
function lossesIn(events: readonly TerraformEvent[], cluster: string): string[] {
  try {
    refuseReplacement(events, { cluster, isAllowed: false });
    return [];
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return error.problems.map(
      ({ message }) => `${message}: up refuses that without --allow-replace`,
    );
  }
}

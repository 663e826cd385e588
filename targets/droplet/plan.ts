import type { PlannedChange, TerraformEvent } from '../../clients/terraform/events.js';
import { refuseReplacement } from '../../clients/terraform/replacement-guard.js';
import type { State } from '../../clients/terraform/state/state.js';
import { KitError } from '../../lib/errors.js';
import { accountName } from '../../stacks/droplet/account-names.js';
import { planChanges } from '../common/apply.js';
import { attemptOf } from '../common/attempt.js';
import { inputIn } from '../common/stages/input-in-state.js';
import { knownStateOf, openWorkspace } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';
import { stackPlacesOf } from '../context.js';
import type { Planned } from '../target.js';
import { adoptionsOf } from './account/adopt.js';
import { dropletCost } from './account/cost.js';
import { readLoginKey } from './keys/ssh-keys.js';
import { placeholderBoot } from './machine/boot-inputs.js';
import type { DropletFindings } from './preflight.js';
import type { DropletSettings } from './settings.js';
import { stackOf } from './stack.js';
import { dropDatabaseStage } from './stages/drop-database.js';

/** The changes that `up` would make on the account, and the cluster's cost. */
export async function plan(
  settings: DropletSettings,
  context: ClusterContext,
  findings: DropletFindings,
): Promise<Planned> {
  const { stateDir } = context.project;
  const key = await knownLoginKey(context.keyDirectory);
  const boot = placeholderBoot(settings, stateDir, findings.operator, key);
  const state = await knownStateOf(context);
  const stack = await stackOf(settings, await stackPlacesOf(context, attemptOf(state)), boot);
  const { changes, events } = await planChanges(await openWorkspace(context, stack));
  const adopted = new Set((await adoptionsOf(findings, context)).map(({ address }) => address));
  const shown = changes.map((change): PlannedChange => {
    return adopted.has(change.address) ? { ...change, action: 'adopt' } : change;
  });
  return {
    changes: [...shown, ...databaseChange(settings, findings, state)],
    cost: await dropletCost(settings, findings.api),
    warnings: [...findings.warnings, ...lossesIn(events, settings.name)],
  };
}

/** The change of a managed database, which is no Terraform resource. */
function databaseChange(
  settings: DropletSettings,
  { own }: Pick<DropletFindings, 'own'>,
  state: State | undefined,
): PlannedChange[] {
  if (settings.database.managed === undefined) return [];
  const address = `managed database ${accountName(settings.name, 'database')}`;
  if (!own.some(({ kind }) => kind === 'database')) return [{ address, action: 'create' }];
  const isKnown = state !== undefined && inputIn(state, dropDatabaseStage) !== undefined;
  return isKnown ? [] : [{ address, action: 'adopt' }];
}

/** The login key; `up` creates a missing one. */
async function knownLoginKey(directory: string): Promise<string | undefined> {
  try {
    return (await readLoginKey(directory)).publicKey;
  } catch (error) {
    if (error instanceof KitError && error.code === 'login-key-missing') return undefined;
    throw error;
  }
}

/** Warnings about changes that `up` would refuse. */
function lossesIn(events: readonly TerraformEvent[], cluster: string): string[] {
  try {
    refuseReplacement(events, { cluster, isAllowed: false });
    return [];
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return error.problems.map(
      ({ message }) => `${message}: up refuses this without --allow-replace`,
    );
  }
}

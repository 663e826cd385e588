import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedChange } from '../../clients/terraform/events.js';
import { refuseReplacement } from '../../clients/terraform/replacement-guard.js';
import type { BootInputs } from '../../stacks/droplet/cluster-stack.js';
import { applyChanges, planChanges } from '../common/apply.js';
import { attemptOf } from '../common/attempt.js';
import type { StepLog } from '../common/step-log.js';
import { knownStateOf, openWorkspace, stateFileOf } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';
import { stackPlacesOf } from '../context.js';
import { readAccountObjects } from './account/account-facts.js';
import { adopt } from './account/adopt.js';
import { awaitIdle, persistWhileBusy } from './account/busy.js';
import { forgetVanished } from './account/forget-vanished.js';
import { kitObjects } from './account/kit-objects.js';
import type { DropletFindings } from './preflight.js';
import type { DropletSettings } from './settings.js';
import { stackOf } from './stack.js';

/**
 * Plans, refuses changes that would lose data, and applies exactly that plan, or nothing when nothing
 * changes. Before that it imports objects that are on the account but not in the state. Where DigitalOcean
 * refuses a part because the droplet is busy, it goes on when that has ended.
 *
 * @throws KitError `replacement-refused` (exit 2); those of Terraform and of the stages
 */
export async function applyDroplet(
  settings: DropletSettings,
  context: ClusterContext,
  props: DropletApply,
): Promise<PlannedChange[]> {
  const { findings, onPlanned } = props;
  const all = new Map<string, PlannedChange>();
  const addPlanned = (changes: readonly PlannedChange[]) => {
    for (const change of changes) if (!all.has(change.address)) all.set(change.address, change);
    onPlanned([...all.values()].some(isNewDroplet));
  };
  await persistWhileBusy(findings.api, context, () =>
    applyOnce(settings, context, props, addPlanned),
  );
  return [...all.values()];
}

/** What {@link applyDroplet} takes. */
interface DropletApply {
  readonly boot: BootInputs;
  readonly findings: Pick<DropletFindings, 'api' | 'facts'>;
  /** Called with whether the plan creates a droplet. */
  readonly onPlanned: (makesDroplet: boolean) => void;
  /** Called at the end of each step before the apply. */
  readonly log: StepLog;
}

async function applyOnce(
  settings: DropletSettings,
  context: ClusterContext,
  { boot, findings, log }: Omit<DropletApply, 'onPlanned'>,
  onPlanned: (changes: readonly PlannedChange[]) => void,
): Promise<void> {
  const attempt = attemptOf(await knownStateOf(context));
  const stack = await stackOf(settings, await stackPlacesOf(context, attempt), boot);
  const run = await openWorkspace(context, stack);
  log.done('synthesis', 'done');
  // Another run may have ended after the preflight, while this one waited for the lock.
  const objects = await readAccountObjects(findings.api);
  const own = kitObjects(objects).filter((object) => object.cluster === context.cluster);
  await forgetVanished(run, stateFileOf(context), objects);
  await adopt(run, { own, facts: { ...findings.facts, objects } }, context);
  // The plan contains the first host key, as part of the user data.
  const plan = join(run.directory, 'clusterkit.tfplan');
  try {
    const { changes, events } = await planChanges(run, plan);
    log.done('plan', `${changes.length} to change`);
    onPlanned(changes);
    const { allowReplace } = context.options;
    refuseReplacement(events, { cluster: settings.name, isAllowed: allowReplace });
    if (changes.length === 0) return;
    if (changes.some(isOnAccount)) await awaitIdle(findings.api, context);
    await applyChanges('apply', run, context, plan);
  } finally {
    await rm(plan, { force: true });
  }
}

const isOnAccount = ({ address }: PlannedChange) => address.startsWith('digitalocean_');

const isNewDroplet = ({ address, action }: PlannedChange) =>
  address === 'digitalocean_droplet.droplet' && (action === 'create' || action === 'replace');

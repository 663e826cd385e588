import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedChange } from '../../clients/terraform/events.js';
import { refuseReplacement } from '../../clients/terraform/replacement-guard.js';
import type { ClusterWorld } from '../../cluster/context.js';
import type { DropletGround } from '../../stacks/droplet/cluster-stack.js';
import type { DropletSettings } from '../clusters-file/cluster-settings.js';
import { applyChanges, planChanges } from '../common/apply.js';
import type { StepLog } from '../common/stages/step-log.js';
import { openWorkspace, stateFileOf } from '../common/workspace.js';
import { readAccountObjects } from './account/account-facts.js';
import { adopt } from './account/adopt.js';
import { forgetVanished } from './account/forget-vanished.js';
import { kitObjects } from './account/kit-objects.js';
import type { DropletFindings } from './preflight.js';
import type { OnPlanned } from './up.js';

/** What {@link applyDroplet} takes. */
export interface DropletApply {
  readonly ground: DropletGround;
  readonly allowReplace: boolean;
  readonly findings: Pick<DropletFindings, 'api' | 'facts'>;
  readonly onPlanned: OnPlanned;
  /** Is told of what comes before the apply. */
  readonly log: StepLog;
}

/**
 * Plans, refuses what would lose data, and applies exactly what was planned; nothing where nothing
 * changes. What is on the account and not in state is taken over before.
 *
 * @throws KitError `replacement-refused` (exit 2); those of Terraform and of the stages
 */
export async function applyDroplet(
  settings: DropletSettings,
  world: ClusterWorld,
  { ground, allowReplace, findings, onPlanned, log }: DropletApply,
): Promise<PlannedChange[]> {
  const run = await openWorkspace(settings, world, { ground });
  log.done('synthesis', 'done');
  // What the pre-flight saw may be from before the end of another run, which this one waited for.
  const objects = await readAccountObjects(findings.api);
  const own = kitObjects(objects).filter((object) => object.cluster === world.cluster);
  await forgetVanished(run, stateFileOf(world), objects);
  await adopt(run, { own, facts: { ...findings.facts, objects } }, world);
  // The first host key stands in it, as in the user data.
  const plan = join(run.directory, 'clusterkit.tfplan');
  try {
    const { changes, events } = await planChanges(run, plan);
    log.done('plan', `${changes.length} to change`);
    onPlanned(changes.some(isNewDroplet));
    refuseReplacement(events, { cluster: settings.name, isAllowed: allowReplace });
    if (changes.length > 0) await applyChanges('apply', run, world, plan);
    return changes;
  } finally {
    await rm(plan, { force: true });
  }
}

const isNewDroplet = ({ address, action }: PlannedChange) =>
  address === 'digitalocean_droplet.droplet' && (action === 'create' || action === 'replace');

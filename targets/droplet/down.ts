import { apiAccess } from '../../clients/digitalocean/access.js';
import { type Api, openApi } from '../../clients/digitalocean/api.js';
import { runTerraform, type TerraformRun } from '../../clients/terraform/run-terraform.js';
import { usageError } from '../../lib/errors.js';
import { attemptOf } from '../common/attempt.js';
import { assertSoleClaim } from '../common/owner.js';
import { knownStateOf, mayHaveState, openWorkspace, stateFileOf } from '../common/workspace.js';
import { type ClusterContext, stackPlacesOf } from '../context.js';
import type { ClusterRemoval } from '../target.js';
import { readAccountObjects } from './account/account-facts.js';
import { awaitIdle, persistWhileBusy } from './account/busy.js';
import { forgetVanished } from './account/forget-vanished.js';
import { holdsData, kitObjects } from './account/kit-objects.js';
import { elsewhereProblem } from './account/name-problems.js';
import { remainingOf } from './account/remaining.js';
import { removeKitObjects } from './account/remove-objects.js';
import { forgetDroplet, ownAccountObjects } from './account/sweep.js';
import { destroyDroplet } from './destroy.js';
import { NOBODY, placeholderBoot } from './machine/boot-inputs.js';
import type { DropletSettings } from './settings.js';
import { stackOf } from './stack.js';

/**
 * Removes a cluster from the account: with Terraform, then by tag.
 *
 * @param keepData keeps the volume or the managed database, and the password for it
 * @throws KitError `cluster-elsewhere` (exit 2) when another checkout created the only cluster of that name
 */
export async function down(
  settings: DropletSettings | undefined,
  context: ClusterContext,
  keepData: boolean,
): Promise<ClusterRemoval> {
  const { cluster, project, registry, keyDirectory, signal } = context;
  assertSoleClaim(await context.owner());
  const api = openApi(apiAccess(context.env), { signal });
  const state = stateFileOf(context);
  const own = { cluster, project: project.stateDir, keyDirectory, registry };
  const objects = () => ownAccountObjects(api, own);
  const before = await objects();
  const hasState = await mayHaveState(state);
  let run: TerraformRun | undefined;
  if (before.length === 0 && !hasState) await requireNotElsewhere(api, cluster);
  return {
    inspect: async () => {
      const found = await objects();
      return { count: found.length, hasData: found.some(holdsData) };
    },
    prepare: async () => {
      if (!hasState) return;
      run = await openWorkspace(context, settings && (await stack(settings, context)));
    },
    destroy: async () => {
      if (run === undefined) return;
      const opened = run;
      await forgetVanished(run, state, await readAccountObjects(api));
      const hasDatabase = before.some(({ kind }) => kind === 'database');
      const data = hasDatabase ? 'terraform_data.drop-database' : 'digitalocean_volume.data';
      if (keepData) await runTerraform(['state', 'rm', data], run);
      await awaitIdle(api, context);
      await persistWhileBusy(api, context, () => destroyDroplet(opened, context));
    },
    sweep: async () => {
      const left = (await objects()).filter((object) => !keepData || !holdsData(object));
      await removeKitObjects(api, left, { timeoutMs: REMOVAL_MS, signal });
    },
    forget: async () => {
      await forgetDroplet(own, api, signal);
    },
    remaining: () => remainingOf(api, settings, before),
  };
}

const REMOVAL_MS = 180_000;

const stack = async (settings: DropletSettings, context: ClusterContext) =>
  stackOf(
    settings,
    await stackPlacesOf(context, attemptOf(await knownStateOf(context))),
    placeholderBoot(settings, context.project.stateDir, NOBODY),
  );

/** Fails for a cluster of unknown owner: it stays and costs money, so `down` must not report success. */
async function requireNotElsewhere(api: Api, cluster: string): Promise<void> {
  const { missingScopes: _, ...objects } = await readAccountObjects(api);
  const marked = kitObjects(objects).filter(
    (object) => object.cluster === cluster && object.kind !== 'tag',
  );
  if (marked.length > 0) throw usageError('cluster-elsewhere', elsewhereProblem(cluster, marked));
}

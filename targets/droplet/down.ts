import { rm } from 'node:fs/promises';
import { apiAccess } from '../../clients/digitalocean/access.js';
import { type Api, openApi } from '../../clients/digitalocean/api.js';
import { runTerraform } from '../../clients/terraform/run-terraform.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { withClusterLock } from '../../cluster/lock.js';
import { workingDirectory } from '../../cluster/project.js';
import { usageError } from '../../lib/errors.js';
import type { DropletSettings } from '../clusters-file/cluster-settings.js';
import { prepareGiveBack } from '../common/give-back.js';
import { release } from '../common/stages/release.js';
import { openWorkspace, stateFileOf } from '../common/workspace.js';
import { type DownResult, mayHaveState } from '../docker/down.js';
import { readAccountObjects } from './account/account-facts.js';
import { forgetVanished } from './account/forget-vanished.js';
import { holdsData, kitObjects } from './account/kit-objects.js';
import { elsewhereProblem } from './account/name-problems.js';
import { removeKitObjects } from './account/remove-objects.js';
import { destroyDroplet } from './destroy.js';
import { emptyGround, NOBODY } from './machine/ground.js';
import { forgetDroplet, ownAccountObjects } from './stages/sweep.js';

/**
 * THE STORY of `down` on a droplet: forget, destroy, sweep the account. What Terraform knows goes by
 * Terraform; what is left (an interrupted `up`, lost state) goes by its tag. Gone already is done.
 *
 * @param keepVolume the volume or the managed database with the data stays, and the password that opens it
 * @throws KitError `cluster-elsewhere` (exit 2) when the only one of that name was not made from here
 */
export async function takeDownDroplet(
  settings: DropletSettings | undefined,
  keepVolume: boolean,
  world: ClusterWorld,
): Promise<DownResult> {
  const { cluster, project, registry, signal } = world;
  const api = openApi(apiAccess(world.env), { signal });
  const keys = keyDirectory(project.stateDir, cluster);
  const state = stateFileOf(world);
  const own = { cluster, project: project.stateDir, keyDirectory: keys, registry };
  return withClusterLock(world, async () => {
    const before = await ownAccountObjects(api, own);
    const hasState = await mayHaveState(state);
    if (before.length === 0 && !hasState) await requireNotElsewhere(api, cluster);
    const entry = await release(own);
    const giveBack = await prepareGiveBack(settings, world);
    if (hasState) {
      const ground = settings && emptyGround(settings, project.stateDir, NOBODY);
      const run = await openWorkspace(settings, world, { ...(ground && { ground }) });
      await forgetVanished(run, state, await readAccountObjects(api));
      const hasDatabase = before.some(({ kind }) => kind === 'database');
      const data = hasDatabase ? 'terraform_data.drop-database' : 'digitalocean_volume.data';
      if (keepVolume) await runTerraform(['state', 'rm', data], run);
      await destroyDroplet(run, world);
    }
    const left = await ownAccountObjects(api, own);
    await removeKitObjects(
      api,
      left.filter((object) => !keepVolume || !holdsData(object)),
      { timeoutMs: REMOVAL_MS, signal },
    );
    const database = await giveBack();
    await forgetDroplet(own, api, signal);
    const after = await ownAccountObjects(api, own);
    for (const path of [state, `${state}.backup`, workingDirectory(project, cluster)]) {
      await rm(path, { recursive: true, force: true });
    }
    return {
      cluster,
      entry,
      removed: before.length - after.length,
      keptData: after.some(holdsData),
      ...(database && { database }),
    };
  });
}

const REMOVAL_MS = 180_000;

/** What cannot be told to be ours stays, and goes on to cost: nobody shall be told that it is gone. */
async function requireNotElsewhere(api: Api, cluster: string): Promise<void> {
  const { missingScopes: _, ...objects } = await readAccountObjects(api);
  const marked = kitObjects(objects).filter(
    (object) => object.cluster === cluster && object.kind !== 'tag',
  );
  if (marked.length > 0) throw usageError('cluster-elsewhere', elsewhereProblem(cluster, marked));
}

import { rm } from 'node:fs/promises';
import { removeObjects } from '../lib/engine/cluster-objects.js';
import { connectEngine } from '../lib/engine/connect.js';
import { keyDirectory } from '../lib/keys/key-directory.js';
import { removeSecrets } from '../lib/keys/key-store.js';
import { workingDirectory } from '../lib/project.js';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';
import { runTerraform } from '../lib/terraform/run-terraform.js';
import { idsInState } from '../lib/terraform/state-ids.js';
import { release } from '../scripts/release.js';
import { applyChanges } from './apply.js';
import { withClusterLock } from './cluster-lock.js';
import type { ClusterWorld } from './cluster-world.js';
import { ownObjects } from './sweep.js';
import { openWorkspace, stateFileOf } from './workspace.js';

/** What `clusterkit down` reports. Stable. */
export interface DownResult {
  readonly cluster: string;
  /** What happened to the registry entry. */
  readonly entry: string;
  /** Number of containers, networks and volumes that are gone now. */
  readonly removed: number;
  /** The data volume and the key pair are still there. */
  readonly keptData: boolean;
}

/**
 * THE STORY of `down`: forget, destroy, sweep. What Terraform knows goes by Terraform; what is left
 * (an interrupted `up`, lost state) goes by its label. Nothing there is done, not an error.
 */
export async function takeDown(
  settings: ClusterSettings | undefined,
  keepData: boolean,
  world: ClusterWorld,
): Promise<DownResult> {
  const engine = await connectEngine();
  return withClusterLock(world, async (lock) => {
    const keys = keyDirectory(world.project.stateDir, world.cluster);
    const entry = await release({ ...world, keyDirectory: keys });
    const before = await ownObjects(engine, world);

    const known = await idsInState(stateFileOf(world));
    if (known === undefined || known.size > 0) {
      const run = { ...(await openWorkspace(settings, world)), lock };
      if (keepData) await runTerraform(['state', 'rm', 'docker_volume.data'], run);
      await applyChanges('destroy', run, world);
    }
    const left = await ownObjects(engine, world);
    await removeObjects(
      engine,
      left.filter(({ role }) => !(keepData && role === 'data')),
    );
    const after = await ownObjects(engine, world);
    await forget(keepData, keys, world);
    return {
      cluster: world.cluster,
      entry,
      removed: before.length - after.length,
      keptData: keepData,
    };
  });
}

async function forget(keepData: boolean, keys: string, world: ClusterWorld) {
  const state = stateFileOf(world);
  for (const path of [state, `${state}.backup`, workingDirectory(world.project, world.cluster)]) {
    await rm(path, { recursive: true, force: true });
  }
  if (!keepData) await removeSecrets(keys);
}

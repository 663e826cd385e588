import { access, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { connectEngine } from '../../clients/docker/connect.js';
import { DIGITALOCEAN_PROVIDER } from '../../clients/terraform/built-provider.js';
import { runTerraform } from '../../clients/terraform/run-terraform.js';
import { idsIn } from '../../clients/terraform/state/ids.js';
import { readState, requireState } from '../../clients/terraform/state/read-state.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { withClusterLock } from '../../cluster/lock.js';
import { removeObjects } from '../../cluster/objects/cluster-objects.js';
import { workingDirectory } from '../../cluster/project.js';
import { CLUSTER_NAME, type DockerSettings } from '../clusters-file/cluster-settings.js';
import { applyChanges } from '../common/apply.js';
import { type DatabaseOutcome, prepareGiveBack } from '../common/give-back.js';
import { release } from '../common/stages/release.js';
import { openWorkspace, requireStateOf, stateFileOf } from '../common/workspace.js';
import { hasLoginKey } from '../droplet/keys/ssh-keys.js';
import { unmarkApplied } from './applied-mark.js';
import { forget, ownObjects } from './stages/sweep.js';

/** What `clusterkit down` reports. Stable. */
export interface DownResult {
  readonly cluster: string;
  /** What happened to the registry entry. */
  readonly entry: string;
  /** Number of containers, networks and volumes that are gone now. */
  readonly removed: number;
  /** The data volume and the key pair are still there. */
  readonly keptData: boolean;
  /** What became of a database of one's own, whose data stays in any case. @default - there is none */
  readonly database?: DatabaseOutcome;
}

/**
 * THE STORY of `down`: forget, destroy, sweep. What Terraform knows goes by Terraform; what is left
 * (an interrupted `up`, lost state) goes by its label. Nothing there is done, not an error.
 *
 * @throws KitError `state-unreadable` (exit 3): what Terraform knows cannot be told
 */
export async function takeDown(
  settings: DockerSettings | undefined,
  keepData: boolean,
  world: ClusterWorld,
): Promise<DownResult> {
  const engine = await connectEngine();
  const own = { cluster: world.cluster, project: world.project.stateDir };
  const state = stateFileOf(world);
  return withClusterLock(world, async () => {
    // Before anything is changed.
    await requireStateOf(world);
    await unmarkApplied(world);
    const keys = keyDirectory(world.project.stateDir, world.cluster);
    const entry = await release({ ...world, keyDirectory: keys });
    const giveBack = await prepareGiveBack(settings, world);
    const before = await ownObjects(engine, own);

    if (await mayHaveState(state)) {
      const run = await openWorkspace(settings, world);
      const hasData = before.some(({ role }) => role === 'data');
      if (keepData && hasData) await runTerraform(['state', 'rm', 'docker_volume.data'], run);
      await applyChanges('destroy', run, world);
    }
    if (!keepData) {
      const left = await ownObjects(engine, own);
      await removeObjects(engine, left);
    }
    const database = await giveBack();
    await forget({ ...own, keyDirectory: keys, registry: world.registry });
    const after = await ownObjects(engine, own);
    for (const path of [state, `${state}.backup`, workingDirectory(world.project, world.cluster)]) {
      await rm(path, { recursive: true, force: true });
    }
    return {
      cluster: world.cluster,
      entry,
      removed: before.length - after.length,
      keptData: keepData,
      ...(database && { database }),
    };
  });
}

/**
 * What an `up` of this cluster left here, a stack to destroy or secrets of its data, is of a cluster on
 * this target; `undefined` when there is nothing.
 */
export async function tracesOf(
  world: ClusterWorld,
): Promise<'docker' | 'digitalocean' | undefined> {
  const { project, cluster } = world;
  // The name becomes part of paths that are removed: nothing but a name will do.
  if (!CLUSTER_NAME.test(cluster)) return undefined;
  const keys = keyDirectory(project.stateDir, cluster);
  if (await hasLoginKey(keys)) return 'digitalocean';
  const file = join(workingDirectory(project, cluster), 'cdk.tf.json');
  const stack = await readFile(file, 'utf8').catch(() => undefined);
  if (stack?.includes(DIGITALOCEAN_PROVIDER.source)) return 'digitalocean';
  return stack !== undefined || (await isThere(keys)) ? 'docker' : undefined;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * There is something in state, or a Terraform is at work on it right now.
 * @throws KitError `state-unreadable` (exit 3)
 */
export async function mayHaveState(path: string): Promise<boolean> {
  if (idsIn(requireState(await readState(path))).size > 0) return true;
  const lockInfo = join(dirname(path), `.${basename(path)}.lock.info`);
  return isThere(lockInfo);
}

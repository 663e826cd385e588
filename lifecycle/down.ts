import { rm } from 'node:fs/promises';
import { dataDirectory } from '../clients/terraform/run-directory.js';
import type { CommandContext } from '../cluster/context.js';
import { withClusterLock } from '../cluster/lock.js';
import { workingDirectory } from '../cluster/project.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { TARGETS } from '../targets/all.js';
import type { Clusters } from '../targets/clusters-file/schema.js';
import { selectCluster } from '../targets/clusters-file/select.js';
import { release } from '../targets/common/register.js';
import {
  type DatabaseOutcome,
  prepareExternalRelease,
} from '../targets/common/release-external.js';
import { requireOwnStateOf, stateFileOf } from '../targets/common/workspace.js';
import { type ClusterContext, openContext } from '../targets/context.js';
import type { Remaining, Target } from '../targets/target.js';
import { releaseRoles } from './apps/release-roles.js';
import { targetNamed } from './cluster-run.js';
import { madeBy } from './made-by.js';
import { removeBuilds } from './remove-builds.js';
import { Steps, type StepTime } from './steps.js';

/** What `clusterkit down` reports. Stable. */
export interface DownResult {
  readonly cluster: string;
  /** What happened to the registry entry. */
  readonly entry: string;
  /** Number of objects removed: containers, networks, volumes, or objects on an account. */
  readonly removed: number;
  /** The data still exists, and so do its secrets. */
  readonly keptData: boolean;
  /** Names of objects that somebody else has under the cluster's name, and that stay. @default - none */
  readonly foreign?: readonly string[];
  /** What stays, because the kit did not make it, and how to remove it. @default - nothing known */
  readonly remaining?: readonly Remaining[];
  /** Outcome for the external database, whose data stays in any case. @default - there is none */
  readonly database?: DatabaseOutcome;
  readonly steps: readonly StepTime[];
}

/** A `down` of one cluster. `settings` is undefined when the file no longer has the cluster. */
export interface DownRun {
  readonly target: Target;
  readonly settings: ClusterSettings | undefined;
  readonly context: ClusterContext;
}

/**
 * Opens a `down`. A cluster that the file no longer has, or has on another target, is removed on the target
 * that it was created on.
 * @throws KitError `cluster-unknown`, `not-supported` (exit 2) when this checkout has no trace of it either
 */
export async function openDown(
  command: CommandContext,
  clusters: Clusters,
  targets: readonly Target[] = TARGETS,
): Promise<DownRun> {
  const origin = await madeBy(command, targets);
  const settings = settingsOf(clusters, command.cluster, targets, origin);
  const target = settings ? targetNamed(settings.target, targets) : origin;
  if (target === undefined) throw new Error('a cluster without settings has an origin');
  return { target, settings, context: openContext(command, target, settings) };
}

function settingsOf(
  clusters: Clusters,
  name: string,
  targets: readonly Target[],
  origin: Target | undefined,
): ClusterSettings | undefined {
  try {
    const settings = selectCluster(clusters, name, targets);
    return origin === undefined || origin.name === settings.target ? settings : undefined;
  } catch (error) {
    if (origin !== undefined) return undefined;
    throw error;
  }
}

/**
 * The steps of `down`, on every target: prepare, unregister, destroy, sweep, forget. Terraform removes what is in
 * its state; `sweep` removes left-overs (interrupted `up`, lost state) by label. Missing objects are no error.
 *
 * @throws KitError `state-unreadable`, `state-dir-untrusted` (exit 3): the state is needed to remove everything
 */
export async function down(run: DownRun, keepData: boolean): Promise<DownResult> {
  const { target, settings, context } = run;
  const { project, cluster, signal } = context;
  const steps = new Steps(context.progress);
  return withClusterLock(context, async () => {
    await steps.run('check state', () => requireOwnStateOf(context));
    const removal = await steps.run('open', () => target.down(settings, context, keepData));
    const before = await steps.run('inspect', removal.inspect);
    // Without the entry nobody finds the cluster: it goes only once the rest can go too.
    await steps.run('prepare', removal.prepare);
    await steps.run('release roles', () => releaseRoles(run));
    const entry = await steps.run('unregister', () => release(context));
    const machines = () => target.engines(context, signal);
    const releaseDatabase = await prepareExternalRelease(settings, context, machines);
    await steps.run('destroy', removal.destroy);
    await steps.run('sweep', removal.sweep);
    const database = await steps.run('release database', releaseDatabase);
    // Before the identity goes, by which they are known.
    await removeBuilds(settings, context);
    await steps.run('forget', removal.forget);
    const after = await removal.inspect();
    const foreign = (await removal.foreign?.()) ?? [];
    const remaining = (await removal.remaining?.()) ?? [];
    const state = stateFileOf(context);
    const directory = workingDirectory(project, cluster);
    const data = dataDirectory(context.cacheDir, directory);
    for (const path of [state, `${state}.backup`, directory, data]) {
      await rm(path, { recursive: true, force: true });
    }
    return {
      cluster,
      entry,
      removed: before.count - after.count,
      keptData: after.hasData,
      ...(foreign.length > 0 && { foreign }),
      ...(remaining.length > 0 && { remaining }),
      ...(database && { database }),
      steps: steps.times,
    };
  });
}

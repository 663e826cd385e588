import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findBuiltProvider } from '../../clients/terraform/built-provider.js';
import { initialize } from '../../clients/terraform/initialize.js';
import { endOrphanProviders } from '../../clients/terraform/orphan-providers.js';
import { linkProvider } from '../../clients/terraform/prepare-directory.js';
import { providerPlatform } from '../../clients/terraform/provider-platform.js';
import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { knownState, readState, requireState } from '../../clients/terraform/state/read-state.js';
import { findTerraform } from '../../clients/terraform/terraform-binary.js';
import { type ClusterWorld, placesOf } from '../../cluster/context.js';
import { stateFile, workingDirectory } from '../../cluster/project.js';
import type { DropletGround } from '../../stacks/droplet/cluster-stack.js';
import type { ClusterSettings } from '../clusters-file/cluster-settings.js';
import { attemptOf } from './stages/attempt.js';

/** What Terraform calls inside an apply. */
export const stageProgram = () => ({
  node: process.execPath,
  script: fileURLToPath(new URL('../../scripts/run-stage.js', import.meta.url)),
});

/** What {@link openWorkspace} may be told beside settings. */
export interface WorkspaceOptions {
  /** All stages run again, whatever the state says. @default false */
  readonly anew?: boolean;
  /** For clusters on droplets. @default - fails at one */
  readonly ground?: DropletGround;
}

/**
 * Writes the cluster's `cdk.tf.json` and makes its directory ready for Terraform.
 * Without settings (the cluster is no longer in the file) what was written last is used.
 */
export async function openWorkspace(
  settings: ClusterSettings | undefined,
  world: ClusterWorld,
  { anew = false, ground }: WorkspaceOptions = {},
): Promise<TerraformRun> {
  const { project, cluster, env, cacheDir } = world;
  const directory = workingDirectory(project, cluster);
  for (const path of [project.stateDir, directory, `${project.stateDir}/state`]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  if (settings !== undefined) {
    // Loading cdktf takes longer than all other code together: only who synthesizes pays.
    const { synthesize } = await import('../../stacks/common/synthesize.js');
    const attempt = attemptOf(anew ? undefined : await knownStateOf(world));
    synthesize({
      clusters: [settings],
      outdir: project.outdir,
      places: () => placesOf(world, attempt),
      program: stageProgram(),
      ...(ground && { droplet: () => ground }),
    });
  }
  await endOrphanProviders(directory);
  const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
  if (built !== undefined) await linkProvider(directory, built);
  const run: TerraformRun = {
    binary: await findTerraform(env, cacheDir),
    directory,
    env,
    signal: world.signal,
  };
  await initialize(run, built?.directory);
  return run;
}

/** State file of the cluster; see `cluster/project.ts`. */
export const stateFileOf = ({ project, cluster }: ClusterWorld) =>
  stateFile(project.stateDir, cluster);

/** What Terraform knows of the cluster. @throws KitError `state-unreadable` (exit 3) */
export const requireStateOf = async (world: ClusterWorld) =>
  requireState(await readState(stateFileOf(world)));

/** Like {@link requireStateOf}, but `undefined` where nobody can tell. */
export const knownStateOf = async (world: ClusterWorld) =>
  knownState(await readState(stateFileOf(world)));

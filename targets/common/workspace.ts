import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findBuiltProvider, providerPlatform } from '../../clients/terraform/built-provider.js';
import { initialize } from '../../clients/terraform/initialize.js';
import { endOrphanProviders } from '../../clients/terraform/orphan-providers.js';
import { linkProvider } from '../../clients/terraform/prepare-directory.js';
import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { knownState, readState, requireState } from '../../clients/terraform/state/read-state.js';
import { idsIn } from '../../clients/terraform/state/state.js';
import { findTerraform } from '../../clients/terraform/terraform-binary.js';
import type { CommandContext } from '../../cluster/context.js';
import { stateFile, workingDirectory } from '../../cluster/project.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';

/**
 * Writes the cluster's `cdk.tf.json` and prepares its directory for Terraform.
 * @param stack missing when the file no longer has the cluster: then the last written one is used
 */
export async function openWorkspace(
  context: CommandContext,
  stack: BuildStack | undefined,
): Promise<TerraformRun> {
  const { project, cluster, env, cacheDir } = context;
  const directory = workingDirectory(project, cluster);
  for (const path of [project.stateDir, directory, `${project.stateDir}/state`]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  if (stack !== undefined) {
    // Loading cdktf is slower than all other code together, so only a synthesis does it.
    const { synthesize } = await import('../../stacks/common/synthesize.js');
    synthesize(project.outdir, [stack]);
  }
  await endOrphanProviders(directory);
  const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
  if (built !== undefined) await linkProvider(directory, built);
  const run: TerraformRun = {
    binary: await findTerraform(env, cacheDir),
    directory,
    env,
    signal: context.signal,
  };
  await initialize(run, built?.directory);
  return run;
}

/** State file of the cluster; see `cluster/project.ts`. */
export const stateFileOf = ({ project, cluster }: Pick<CommandContext, 'project' | 'cluster'>) =>
  stateFile(project.stateDir, cluster);

/** The Terraform state of the cluster. @throws KitError `state-unreadable` (exit 3) */
export const requireStateOf = async (context: Pick<CommandContext, 'project' | 'cluster'>) =>
  requireState(await readState(stateFileOf(context)));

/** Like {@link requireStateOf}, but `undefined` when the state is damaged. */
export const knownStateOf = async (context: Pick<CommandContext, 'project' | 'cluster'>) =>
  knownState(await readState(stateFileOf(context)));

/**
 * Does a state have resources, or is Terraform using it right now?
 * @param path of the state
 * @throws KitError `state-unreadable` (exit 3)
 */
export async function mayHaveState(path: string): Promise<boolean> {
  if (idsIn(requireState(await readState(path))).size > 0) return true;
  const lockInfo = join(dirname(path), `.${basename(path)}.lock.info`);
  return existsSync(lockInfo);
}

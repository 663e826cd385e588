import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findBuiltProvider, providerPlatform } from '../../clients/terraform/built-provider.js';
import { initialize, terraformBlock } from '../../clients/terraform/initialize.js';
import {
  type InstalledProviders,
  installProviders,
} from '../../clients/terraform/install-providers.js';
import { endOrphanProviders } from '../../clients/terraform/orphan-providers.js';
import { removalStack } from '../../clients/terraform/removal-stack.js';
import { dataDirectory, emptyRunDirectory } from '../../clients/terraform/run-directory.js';
import type { TerraformRun } from '../../clients/terraform/run-terraform.js';
import { knownState, readState, requireState } from '../../clients/terraform/state/read-state.js';
import { idsIn } from '../../clients/terraform/state/state.js';
import { findTerraform } from '../../clients/terraform/terraform-binary.js';
import type { CommandContext } from '../../cluster/context.js';
import { makeStateDir } from '../../cluster/make-state-dir.js';
import { stateFile, workingDirectory } from '../../cluster/project.js';
import type { BuildStack } from '../../stacks/common/synthesize.js';
import { removalCommand } from './stack-place.js';
import { assertOwnInputs } from './stages/own-paths.js';

/**
 * Writes the cluster's `cdk.tf.json` and prepares its directory for Terraform, which finds there only what the kit
 * writes now.
 * @param stack missing when the file no longer has the cluster: then one that removes what is in the state
 */
export async function openWorkspace(
  context: CommandContext,
  stack: BuildStack | undefined,
): Promise<TerraformRun> {
  const { project, cluster, env, cacheDir } = context;
  const directory = workingDirectory(project, cluster);
  await makeStateDir(project.stateDir);
  await endOrphanProviders(directory);
  await emptyRunDirectory(directory);
  const [binary] = await Promise.all([
    findTerraform(env, cacheDir),
    stack === undefined ? writeRemoval(context, directory) : write(stack, project.outdir),
  ]);
  const run: TerraformRun = {
    binary,
    directory,
    dataDir: dataDirectory(cacheDir, directory),
    // Stages find the registry of this command, also one that an option names.
    env: { ...env, CLUSTERKIT_REGISTRY: context.registry },
    signal: context.signal,
  };
  await initialize(run, await providersFor(run, cacheDir));
  return run;
}

async function write(stack: BuildStack, outdir: string): Promise<void> {
  // Loading cdktf is slower than all other code together, so only a synthesis does it.
  const { synthesize } = await import('../../stacks/common/synthesize.js');
  synthesize(outdir, [stack]);
}

async function writeRemoval(context: CommandContext, directory: string): Promise<void> {
  const { stateDir } = context.project;
  const stack = removalStack(stateFileOf(context), await requireStateOf(context), {
    // The entry may be in another registry than that of this command, such as that of another HOME.
    release: removalCommand('release', stateDir),
    'release-database': removalCommand('release-database', stateDir),
  });
  await writeFile(join(directory, 'cdk.tf.json'), JSON.stringify(stack, null, 2), { mode: 0o600 });
}

/** The providers of the stack in a directory. */
export async function providersFor(
  run: Pick<TerraformRun, 'binary' | 'env' | 'signal' | 'directory'>,
  cacheDir: string,
): Promise<InstalledProviders> {
  const { required_providers: required = {} } = await terraformBlock(run.directory);
  const sources = Object.values(required).map(({ source }) => source);
  const built = await findBuiltProvider(cacheDir, providerPlatform(process.platform, process.arch));
  const used = built && sources.includes(built.source) ? built : undefined;
  return installProviders(run, required, cacheDir, used);
}

/** State file of the cluster; see `cluster/project.ts`. */
export const stateFileOf = ({ project, cluster }: Pick<CommandContext, 'project' | 'cluster'>) =>
  stateFile(project.stateDir, cluster);

/** The Terraform state of the cluster. @throws KitError `state-unreadable` (exit 3) */
export const requireStateOf = async (context: Pick<CommandContext, 'project' | 'cluster'>) =>
  requireState(await readState(stateFileOf(context)));

/**
 * The same before a change. A state that somebody else wrote would decide which files a removal touches.
 * @throws KitError `state-unreadable`, `state-dir-untrusted` (exit 3)
 */
export async function requireOwnStateOf(context: Pick<CommandContext, 'project' | 'cluster'>) {
  const state = await requireStateOf(context);
  assertOwnInputs(state, context.project.stateDir);
  return state;
}

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

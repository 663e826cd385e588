import { homedir } from 'node:os';
import { join } from 'node:path';
import { strayVariables } from '../clients/terraform/environment.js';
import { emptyRunDirectory } from '../clients/terraform/run-directory.js';
import { readState, requireState } from '../clients/terraform/state/read-state.js';
import type { State } from '../clients/terraform/state/state.js';
import { keepIdentity } from '../cluster/identity.js';
import { makeStateDir } from '../cluster/make-state-dir.js';
import { requireOwnStateDir } from '../cluster/own-state-dir.js';
import { cacheDirectory, type Project, projectOf, stateFile } from '../cluster/project.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { usageError } from '../lib/errors.js';
import { targetNamed } from '../lifecycle/cluster-run.js';
import { registryPath } from '../registry/file/registry-path.js';
import { synthesize } from '../stacks/common/synthesize.js';
import { TARGETS } from '../targets/all.js';
import { readClustersFile } from '../targets/clusters-file/read.js';
import { supportedClusters } from '../targets/clusters-file/select.js';
import { attemptOf } from '../targets/common/attempt.js';
import { prepareForCdktf } from '../targets/common/cdktf-directory.js';
import { assertSoleClaim, identityFor, readOwner } from '../targets/common/owner.js';
import { refusalOf } from '../targets/common/refusal.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { stageProgram } from '../targets/common/stack-place.js';
import { reportFailure } from './failure.js';
import { watchInterrupts } from './interrupts.js';

/** What `cdktf` runs (see cdktf.json): a stack for every cluster of `clusters.yml`. */
process.umask(0o077);
const { env, platform } = process;
const interrupts = watchInterrupts(process);
try {
  await writeStacks();
} catch (error) {
  process.exitCode = reportFailure(
    error,
    [],
    interrupts.received(),
    process.stdout,
    process.stderr,
  );
} finally {
  interrupts.stop();
}

async function writeStacks(): Promise<void> {
  const home = env.HOME ?? homedir();
  const project = projectOf(env.CLUSTERKIT_CONFIG ?? 'clusters.yml', process.cwd());
  const outdir = env.CDKTF_OUTDIR ?? project.outdir;
  refuseStrayVariables();
  const clusters = supportedClusters(await readClustersFile(project.configFile));
  const warn = (text: string) => void process.stderr.write(`${text}\n`);
  await requireOwnStateDir(project.stateDir, { uid: process.getuid?.(), env, warn });
  await makeStateDir(project.stateDir);
  const registry = registryPath({ flag: env.CLUSTERKIT_REGISTRY, env, home, platform });
  const program = stageProgram(new URL('../scripts/run-stage.js', import.meta.url));
  const stacks = [];
  for (const settings of clusters) {
    const { state, refusal } = await stateFor(settings, project, registry);
    const identity = await identityOf(settings.name, project, refusal === undefined);
    const places = { stateDir: project.stateDir, identity, registry, attempt: attemptOf(state) };
    const target = targetNamed(settings.target, TARGETS);
    stacks.push(await target.stack(settings, { places, program, env, state, refusal }));
  }
  const directories = clusters.map(({ name }) => [name, join(outdir, 'stacks', name)] as const);
  for (const [, directory] of directories) await emptyRunDirectory(directory);
  synthesize(outdir, stacks);
  const user = { env, home, cacheDir: cacheDirectory(env, home), signal: interrupts.signal };
  for (const [name, directory] of directories) {
    const why = await prepareForCdktf(directory, user);
    // cdktf shows what its app prints, and goes on: another cluster may be the one that is wanted.
    if (why !== undefined) process.stdout.write(`cluster ${name}: ${why}\n`);
  }
}

/** `cdktf` starts Terraform with the user's environment, so the kit cannot leave these out. */
function refuseStrayVariables(): void {
  const names = strayVariables(env);
  if (names.length === 0) return;
  throw usageError(
    'terraform-variable',
    names.map((name) => ({
      path: name,
      message:
        'is set, and Terraform would work on another state, or with other arguments or providers',
      hint: `cdktf passes it on, and clusterkit up does not: env -u ${names.join(' -u ')} npx cdktf …`,
    })),
  );
}

/** The identity of a cluster, stored when it may be deployed. */
async function identityOf(cluster: string, { stateDir }: Project, isStored: boolean) {
  const identity = identityFor(await readOwner(stateDir, cluster));
  return isStored ? keepIdentity(stateDir, cluster, identity) : identity;
}

/** The state of a cluster; or why nothing can be made on what there is. */
async function stateFor(
  settings: ClusterSettings,
  { stateDir }: Project,
  registry: string,
): Promise<{ readonly state: State | undefined; readonly refusal: string | undefined }> {
  try {
    const state = requireState(await readState(stateFile(stateDir, settings.name)));
    assertSameTarget(settings, state, TARGETS);
    assertSoleClaim(await readOwner(stateDir, settings.name, registry));
    return { state, refusal: undefined };
  } catch (error) {
    return { state: undefined, refusal: refusalOf(error) };
  }
}

import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readState, requireState } from '../clients/terraform/state/read-state.js';
import type { State } from '../clients/terraform/state/state.js';
import { keepIdentity } from '../cluster/identity.js';
import { cacheDirectory, projectOf, stateFile } from '../cluster/project.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { targetNamed } from '../lifecycle/cluster-run.js';
import { registryPath } from '../registry/file/registry-path.js';
import { synthesize } from '../stacks/common/synthesize.js';
import { TARGETS } from '../targets/all.js';
import { readClustersFile } from '../targets/clusters-file/read.js';
import { supportedClusters } from '../targets/clusters-file/select.js';
import { attemptOf } from '../targets/common/attempt.js';
import { assertSoleClaim, identityFor, readOwner } from '../targets/common/owner.js';
import { refusalOf } from '../targets/common/refusal.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { stageProgram } from '../targets/common/stack-place.js';

/** What `cdktf` runs (see cdktf.json): a stack for every cluster of `clusters.yml`. */
process.umask(0o077);
const { env, platform } = process;
const home = env.HOME ?? homedir();
const project = projectOf(env.CLUSTERKIT_CONFIG ?? 'clusters.yml', process.cwd());
const outdir = env.CDKTF_OUTDIR ?? project.outdir;
const clusters = supportedClusters(await readClustersFile(project.configFile));
mkdirSync(join(project.stateDir, 'state'), { recursive: true, mode: 0o700 });
const registry = registryPath({ flag: env.CLUSTERKIT_REGISTRY, env, home, platform });

const program = stageProgram(new URL('../scripts/run-stage.js', import.meta.url));
const stacks = [];
for (const settings of clusters) {
  const { state, refusal } = await stateFor(settings);
  const identity = await identityOf(settings.name, refusal === undefined);
  const places = { stateDir: project.stateDir, identity, registry, attempt: attemptOf(state) };
  const target = targetNamed(settings.target, TARGETS);
  stacks.push(await target.stack(settings, { places, program, env, state, refusal }));
}
synthesize(outdir, stacks);

for (const { name, target } of clusters) {
  const directory = join(outdir, 'stacks', name);
  await targetNamed(target, TARGETS).prepareDirectory?.(directory, cacheDirectory(env, home));
}

/** The identity of a cluster, stored when it may be deployed. */
async function identityOf(cluster: string, isStored: boolean) {
  const identity = identityFor(await readOwner(project.stateDir, cluster));
  return isStored ? keepIdentity(project.stateDir, cluster, identity) : identity;
}

/** The state of a cluster; or why nothing can be made on what there is. */
async function stateFor(
  settings: ClusterSettings,
): Promise<{ readonly state: State | undefined; readonly refusal: string | undefined }> {
  try {
    const state = requireState(await readState(stateFile(project.stateDir, settings.name)));
    assertSameTarget(settings, state, TARGETS);
    assertSoleClaim(await readOwner(project.stateDir, settings.name, registry));
    return { state, refusal: undefined };
  } catch (error) {
    return { state: undefined, refusal: refusalOf(error) };
  }
}

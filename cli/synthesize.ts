import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DOCKER_PROVIDER, findBuiltProvider } from '../clients/terraform/built-provider.js';
import { linkProvider, lockProvider } from '../clients/terraform/prepare-directory.js';
import { providerPlatform } from '../clients/terraform/provider-platform.js';
import { knownState, readState, requireState } from '../clients/terraform/state/read-state.js';
import { cacheDirectory, projectOf, stateFile } from '../cluster/project.js';
import { registryPath } from '../registry/file/registry-path.js';
import { synthesize } from '../stacks/common/synthesize.js';
import { readClustersFile } from '../targets/clusters-file/read.js';
import { supportedClusters } from '../targets/clusters-file/select.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { attemptOf } from '../targets/common/stages/attempt.js';
import { stageProgram } from '../targets/common/workspace.js';
import { layGrounds, refusalOf } from '../targets/droplet/machine/lay-grounds.js';

/** What `cdktf` runs (see cdktf.json): a stack for every cluster of `clusters.yml`. */
process.umask(0o077);
const { env, platform } = process;
const home = env.HOME ?? homedir();
const project = projectOf(env.CLUSTERKIT_CONFIG ?? 'clusters.yml', process.cwd());
const outdir = env.CDKTF_OUTDIR ?? project.outdir;
const clusters = supportedClusters(await readClustersFile(project.configFile));
mkdirSync(join(project.stateDir, 'state'), { recursive: true, mode: 0o700 });

const registry = registryPath({ flag: env.CLUSTERKIT_REGISTRY, env, home, platform });
const grounds = await layGrounds(clusters, { stateDir: project.stateDir, env });
const attempts = new Map<string, string>();
const refusals = new Map<string, string>();
for (const settings of clusters) {
  const file = await readState(stateFile(project.stateDir, settings.name));
  attempts.set(settings.name, attemptOf(knownState(file)));
  try {
    assertSameTarget(settings, requireState(file));
  } catch (error) {
    refusals.set(settings.name, refusalOf(error));
  }
}

synthesize({
  clusters,
  outdir,
  places: (cluster) => ({
    stateDir: project.stateDir,
    registry,
    attempt: attempts.get(cluster) ?? '',
  }),
  program: stageProgram(),
  droplet: (cluster) => grounds.get(cluster),
  refusal: (cluster) => refusals.get(cluster),
});

const built = await findBuiltProvider(
  cacheDirectory(env, home),
  providerPlatform(platform, process.arch),
);
if (built !== undefined) {
  for (const { name } of clusters.filter(({ target }) => target === 'docker')) {
    const directory = join(outdir, 'stacks', name);
    await linkProvider(directory, built);
    await lockProvider(directory, built, DOCKER_PROVIDER.versions);
  }
}

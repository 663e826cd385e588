import type { CommandContext } from '../cluster/context.js';
import { cacheDirectory, projectOf } from '../cluster/project.js';
import { registryPath } from '../registry/file/registry-path.js';
import type { Context } from './context.js';

/** The context of a command on one cluster, as lifecycle and targets receive it. */
export function commandContext(context: Context, cluster: string, verb: string): CommandContext {
  const { env, home, platform, report, cwd, configFile, registryFlag } = context;
  return {
    cluster,
    project: projectOf(configFile, cwd),
    registry: registryPath({ flag: registryFlag, env, home, platform, cwd }),
    env,
    cacheDir: cacheDirectory(env, home),
    signal: context.signal,
    command: `clusterkit ${verb} ${cluster}`,
    progress: { done: report.step, detail: report.detail, warn: report.warn },
  };
}

/** The clusters of the project, and where they can run. */
export async function clustersOf({ configFile, cwd, targets: load }: Context) {
  const targets = await load();
  const { readClustersFile } = await import('../targets/clusters-file/read.js');
  return {
    targets,
    clusters: await readClustersFile(projectOf(configFile, cwd).configFile, targets),
  };
}

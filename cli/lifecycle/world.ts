import type { ClusterWorld } from '../../cluster/context.js';
import { cacheDirectory, projectOf } from '../../cluster/project.js';
import { registryPath } from '../../registry/file/registry-path.js';
import type { Context } from '../context.js';

/** The world of one cluster as the flows take it. */
export function worldOf(context: Context, cluster: string, verb: string): ClusterWorld {
  const { env, home, platform, report, cwd, configFile, registryFlag } = context;
  return {
    cluster,
    project: projectOf(configFile, cwd),
    registry: registryPath({ flag: registryFlag, env, home, platform, cwd }),
    env,
    cacheDir: cacheDirectory(env, home),
    signal: context.signal,
    command: `clusterkit ${verb} ${cluster}`,
    steps: { done: report.step, detail: report.detail, warn: report.warn },
  };
}

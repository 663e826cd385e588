import type { CommandContext } from '../cluster/context.js';
import { requireOwnStateDir } from '../cluster/own-state-dir.js';
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

/** The clusters of the project, and where they can run. @throws KitError `state-dir-untrusted` (exit 3) */
export async function clustersOf(context: Context) {
  const { configFile, cwd } = context;
  const targets = await context.targets();
  const { readClustersFile } = await import('../targets/clusters-file/read.js');
  const clusters = await readClustersFile(projectOf(configFile, cwd).configFile, targets);
  await requireOwnState(context);
  return { targets, clusters };
}

/** Asserts that the files of the project's clusters are the user's own. @throws KitError `state-dir-untrusted` (exit 3) */
export const requireOwnState = ({ configFile, cwd, env, uid, report }: Context): Promise<void> =>
  requireOwnStateDir(projectOf(configFile, cwd).stateDir, { uid, env, warn: report.warn });

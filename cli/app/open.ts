import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { type Problem, usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { type ClusterRun, openRun } from '../../lifecycle/cluster-run.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context } from '../context.js';

/** Opens a command on a cluster's applications. @param verb such as `app deploy` */
export async function openAppRun(
  context: Context,
  verb: string,
  name: string,
  signal?: AbortSignal,
): Promise<ClusterRun> {
  const { clusters, targets } = await clustersOf(context);
  const command = commandContext(context, name, verb);
  return openRun({ ...command, ...(signal && { signal }) }, clusters, undefined, targets);
}

/**
 * The named applications of a cluster; all when none is named.
 * @throws KitError `app-unknown` (exit 2) with every wrong name
 */
export function selectApps(
  { settings: { name, apps = [] } }: Pick<ClusterRun, 'settings'>,
  wanted: readonly string[],
): readonly AppSettings[] {
  const known = apps.map((app) => app.name);
  const problems = wanted
    .filter((each) => !known.includes(each))
    .map((each): Problem => unknownApp(name, each, known));
  if (problems.length > 0) throw usageError('app-unknown', problems);
  return wanted.length === 0 ? apps : apps.filter((app) => wanted.includes(app.name));
}

/** There is no application of that name. @param known names that there are */
export const unknownApp = (cluster: string, name: string, known: readonly string[]): Problem => ({
  path: `clusters.${cluster}.apps`,
  message: `there is no application '${name}'`,
  hint: unknownName(name, known, 'The cluster has no applications.'),
});

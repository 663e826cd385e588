import { lookAt } from '../../flows/look-at.js';
import { EXIT } from '../../lib/errors.js';
import { readClustersFile } from '../../lib/settings/read-clusters-file.js';
import { selectCluster, supportedClusters } from '../../lib/settings/select-cluster.js';
import type { Context, SharedOptions } from '../context.js';
import { worldOf } from './world.js';

/** `clusterkit status [NAME…]` (default: all): exit code 4 when something is not well. */
export async function status(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const clusters = await readClustersFile(worldOf(context, '', 'status').project.configFile);
  const chosen =
    names.length === 0
      ? supportedClusters(clusters)
      : names.map((name) => selectCluster(clusters, name));
  const results = [];
  for (const settings of chosen) {
    const result = await lookAt(settings, worldOf(context, settings.name, 'status'));
    results.push(result);
    const { containers, version, auth, registry } = result;
    context.report.say(
      [
        `${settings.name}: ${result.healthy ? 'healthy' : 'not healthy'}`,
        `  endpoint   ${result.endpoint}`,
        `  server     ${containers.server}, ${version === null ? 'does not answer' : `version ${version}`}`,
        `  database   ${containers.database}`,
        `  auth       ${AUTH[auth]}`,
        `  registry   ${registry} (${worldOf(context, settings.name, 'status').registry})`,
      ].join('\n'),
    );
  }
  context.report.json(results);
  return results.every(({ healthy }) => healthy) ? EXIT.done : EXIT.finding;
}

const AUTH = {
  ok: 'ok: strangers are refused, our key is accepted',
  open: 'OPEN: callers without the key are let in',
  refused: 'our key is refused',
  unclear: 'unclear answer',
  unknown: 'unknown',
} as const;

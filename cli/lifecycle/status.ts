import pLimit from 'p-limit';
import { EXIT, formatProblem, KitError } from '../../lib/errors.js';
import { lookAt, notLookedAt, type StatusResult } from '../../lifecycle/status.js';
import { newStrangers } from '../../prisma/tokens/strangers.js';
import type { ClusterSettings } from '../../targets/clusters-file/cluster-settings.js';
import { type Clusters, readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import type { Context, SharedOptions } from '../context.js';
import { usageLines } from './usage-lines.js';
import { worldOf } from './world.js';

/** How many clusters are looked at together. */
const TOGETHER = 8;

/**
 * `clusterkit status [NAME…]` (default: all): exit code 4 when something is not well. One of several
 * that cannot be looked at keeps nobody from the others.
 */
export async function status(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const { report } = context;
  const { registry, project } = worldOf(context, '', 'status');
  const clusters = await readClustersFile(project.configFile);
  const chosen: readonly (ClusterSettings | StatusResult)[] =
    names.length === 0
      ? Object.keys(clusters).map((name) => settingsOrWhyNot(clusters, name))
      : names.map((name) => selectCluster(clusters, name));
  const limit = pLimit(TOGETHER);
  const look = {
    faults: names.length === 1 ? 'thrown' : 'told',
    strangers: newStrangers(),
  } as const;
  const results = await Promise.all(
    chosen.map((each) =>
      'cluster' in each
        ? each
        : limit(() => lookAt(each, worldOf(context, each.name, 'status'), look)),
    ),
  );
  for (const result of results) report.say(textOf(result, registry));
  report.json(results);
  return results.every(({ healthy }) => healthy) ? EXIT.done : EXIT.finding;
}

function settingsOrWhyNot(clusters: Clusters, name: string): ClusterSettings | StatusResult {
  try {
    return selectCluster(clusters, name);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return notLookedAt(name, clusters[name]?.target ?? 'docker', error);
  }
}

function textOf(result: StatusResult, registryFile: string): string {
  const { containers, version, auth, registry } = result;
  return [
    `${result.cluster}: ${result.healthy ? 'healthy' : 'not healthy'}`,
    `  endpoint   ${result.endpoint ?? 'none yet'}`,
    `  server     ${containers.server}, ${version === null ? 'does not answer' : `version ${version}`}`,
    `  database   ${containers.database}`,
    ...(containers.gateway === undefined ? [] : [`  gateway    ${containers.gateway}`]),
    ...(containers.proxy === undefined ? [] : [`  proxy      ${containers.proxy}`]),
    `  auth       ${AUTH[auth]}`,
    `  registry   ${registry} (${registryFile})`,
    ...usageLines(result).map(([label, text]) => `  ${label.padEnd(10)} ${text}`),
    ...result.problems.map(
      (problem) => `  problem    ${formatProblem(problem).replaceAll('\n', '\n             ')}`,
    ),
  ].join('\n');
}

const AUTH = {
  ok: 'ok: strangers are refused, our key is accepted',
  open: 'OPEN: callers without the key are let in',
  refused: 'our key is refused',
  unclear: 'unclear answer',
  unknown: 'unknown',
} as const;

import pLimit from 'p-limit';
import { EXIT, formatProblem, KitError } from '../../lib/errors.js';
import { printableLine } from '../../lib/printable.js';
import { type ClusterRun, openRun } from '../../lifecycle/cluster-run.js';
import * as lifecycle from '../../lifecycle/status.js';
import { newForeignCredentials } from '../../prisma/tokens/foreign-credentials.js';
import type { Clusters } from '../../targets/clusters-file/schema.js';
import { stateOf } from '../app/state-text.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { usageLines } from './usage-lines.js';

/** Number of clusters checked at the same time. */
const CONCURRENCY = 8;

/**
 * `clusterkit status [NAME…]` (default: all): exit code 4 when something is not healthy. When one of
 * several cannot be checked, the others are still reported.
 */
export async function status(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const { report } = context;
  const { clusters, targets } = await clustersOf(context);
  const open = (name: string) =>
    openRun(commandContext(context, name, 'status'), clusters, undefined, targets);
  const chosen: readonly (ClusterRun | lifecycle.StatusResult)[] =
    names.length === 0
      ? Object.keys(clusters).map((name) => runOrProblems(clusters, name, open))
      : names.map(open);
  const limit = pLimit(CONCURRENCY);
  const options = {
    faults: names.length === 1 ? 'thrown' : 'reported',
    foreignCredentials: newForeignCredentials(),
  } as const;
  const results = await Promise.all(
    chosen.map((each) => ('cluster' in each ? each : limit(() => lifecycle.status(each, options)))),
  );
  const { registry } = commandContext(context, '', 'status');
  if (results.length === 0) report.say(`No clusters in ${context.configFile}.`);
  for (const result of results) report.say(textOf(result, registry));
  report.json(results);
  // Without names the file may have clusters that nobody has made yet: that is no finding.
  const isWell = (each: lifecycle.StatusResult) =>
    each.healthy || (names.length === 0 && isUnmade(each));
  return results.every(isWell) ? EXIT.done : EXIT.finding;
}

function runOrProblems(
  clusters: Clusters,
  name: string,
  open: (name: string) => ClusterRun,
): ClusterRun | lifecycle.StatusResult {
  try {
    return open(name);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return lifecycle.unknownStatus(name, clusters[name]?.target ?? '', error);
  }
}

const isUnmade = ({ made, problems }: lifecycle.StatusResult) => !made && problems.length === 0;

function textOf(result: lifecycle.StatusResult, registryFile: string): string {
  const { containers, version, auth, key, registry } = result;
  return [
    `${result.cluster}: ${result.healthy ? 'healthy' : isUnmade(result) ? 'not made' : 'not healthy'}`,
    `  endpoint   ${result.endpoint ?? 'none yet'}`,
    `  server     ${containers.server}, ${version === null ? 'does not answer' : `version ${printableLine(version)}`}`,
    `  database   ${containers.database}`,
    ...(containers.gateway === undefined ? [] : [`  gateway    ${containers.gateway}`]),
    ...(containers.proxy === undefined ? [] : [`  proxy      ${containers.proxy}`]),
    ...dataLines(result),
    ...restartLines(result),
    ...(result.apps ?? []).map(
      (app) => `  app        ${app.app} ${app.release ?? '-'}, ${stateOf(app)}`,
    ),
    `  auth       ${auth === 'refused' ? REFUSED[key] : AUTH[auth]}`,
    `  registry   ${registry} (${registryFile})`,
    ...usageLines(result).map(([label, text]) => `  ${label.padEnd(10)} ${text}`),
    ...result.problems.map(
      (problem) => `  problem    ${formatProblem(problem).replaceAll('\n', '\n             ')}`,
    ),
  ].join('\n');
}

const GIB = 1024 ** 3;

/** Size and use of the volume of the data. */
function dataLines({ data }: lifecycle.StatusResult): string[] {
  if (data === undefined) return [];
  const { sizeBytes, usedBytes, freeBytes } = data;
  const gb = (bytes: number) => (bytes / GIB).toFixed(1);
  return [`  data       ${gb(usedBytes)} of ${gb(sizeBytes)} GB used, ${gb(freeBytes)} GB free`];
}

/** Containers that the engine restarted, or that are not running, and why. */
const restartLines = ({ runs }: lifecycle.StatusResult): string[] =>
  runs
    .filter(
      ({ restarts, killedForMemory, exitCode }) =>
        restarts > 0 || killedForMemory || exitCode !== null,
    )
    .map(({ role, restarts, killedForMemory, exitCode, startedAt, endedAt }) => {
      const now =
        exitCode === null
          ? `runs since ${startedAt.slice(0, 19)}Z`
          : `exit code ${exitCode}${endedAt === null ? '' : ` at ${endedAt.slice(0, 19)}Z`}`;
      const why = killedForMemory ? ', killed for memory' : '';
      return `  restarts   ${role}: ${restarts}${why}; ${now}`;
    });

const REFUSED = {
  here: 'our key is refused',
  absent: 'foreign credentials are refused; this directory does not have the key',
  unknown: 'foreign credentials are refused; our key cannot be read',
} as const;

const AUTH = {
  ok: 'ok: foreign credentials are refused, our key is accepted',
  open: 'OPEN: requests without the key are accepted',
  unclear: 'unclear answer',
  unknown: 'unknown',
} as const;

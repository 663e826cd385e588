import { EXIT, type Problem, usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { type ClusterRun, openRun } from '../../lifecycle/cluster-run.js';
import { isRole, logsOf } from '../../lifecycle/log-names.js';
import * as lifecycle from '../../lifecycle/logs.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { type LogOptions, logRange } from './log-range.js';
import { showLog } from './show-log.js';

/** `clusterkit logs NAME [WHAT]`: exit code 130 when Ctrl-C ends it. */
export async function logs(
  context: Context,
  options: SharedOptions & LogOptions,
  name: string,
  what: string,
): Promise<number> {
  const { report } = context;
  const command = commandContext(context, name, 'logs');
  const { clusters, targets } = await clustersOf(context);
  // Ctrl-C is the normal way to stop following a log, so the run has its own signal.
  const stop = new AbortController();
  const run = openRun({ ...command, signal: stop.signal }, clusters, undefined, targets);
  const request = requestOf(run, what, options, context.now());
  return showLog(context, stop, !isRole(request.log), async (write) => {
    const end = await lifecycle.logs(run, request, write);
    if (end !== 'complete') report.warn(`${name}: the ${request.log} ${END[end]}`);
    return EXIT.done;
  });
}

const END = { stopped: 'has stopped', gone: 'is gone' } as const;

/** @throws KitError `log-unknown` or `log-options-invalid` (exit 2), with all problems */
function requestOf(
  run: ClusterRun,
  what: string,
  options: LogOptions,
  now: Date,
): lifecycle.LogRequest {
  const { settings, target } = run;
  const known = logsOf(settings, target);
  const log = known.find((each) => each === what);
  const { range, problems } = logRange(options, now);
  if (log === undefined) problems.unshift(unknownLog(run, what, known));
  const hasNoTimes = target.logs?.find(({ name }) => name === log)?.hasNoTimes;
  if (range.since !== undefined && hasNoTimes) {
    problems.push({
      path: '--since',
      message: 'the logs of a first boot have no times',
      hint: 'Use --tail for the last lines of each.',
    });
  }
  if (log === undefined || problems.length > 0) {
    throw usageError(log === undefined ? 'log-unknown' : 'log-options-invalid', problems);
  }
  return { log, ...range };
}

function unknownLog(
  { settings, targets }: ClusterRun,
  what: string,
  known: readonly string[],
): Problem {
  const others = targets.flatMap(({ logs = [] }) => logs);
  const why = ABSENT[what] ?? others.find(({ name }) => name === what)?.absence;
  return why === undefined
    ? { path: what, message: `there is no log '${what}'`, hint: unknownName(what, known, '') }
    : {
        path: what,
        message: `cluster ${settings.name} ${why}`,
        hint: `There are: ${known.join(', ')}.`,
      };
}

/** Why a cluster lacks a log that others have. */
const ABSENT: Readonly<Record<string, string>> = {
  gateway: 'has no gateway in front of its server',
  proxy: 'has no proxy: it does not serve https',
};

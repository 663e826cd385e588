import { constants } from 'node:os';
import { parseSince, parseTail, SINCE_FORMS, TAIL_FORMS } from '../../clients/docker/log-window.js';
import { EXIT, type Problem, usageError } from '../../lib/errors.js';
import { Outlet, READER_GONE_EXIT, ReaderGone } from '../../lib/outlet.js';
import { unknownName } from '../../lib/unknown-name.js';
import { type ClusterRun, openRun } from '../../lifecycle/cluster-run.js';
import { isRole, logsOf } from '../../lifecycle/log-names.js';
import * as lifecycle from '../../lifecycle/logs.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { jsonLog, plainLog } from './log-output.js';

type LogOptions = SharedOptions & { follow?: boolean; since?: string; tail?: string };

/** `clusterkit logs NAME [WHAT]`: exit code 130 when Ctrl-C ends it. */
export async function logs(
  context: Context,
  options: LogOptions,
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
  const out = new Outlet(context.stdout);
  const output = report.asJson
    ? jsonLog(out)
    : plainLog(out, !isRole(request.log), context.stdout.isTTY === true);

  let stopCode: number | undefined;
  const takeBack = context.lendSignals((signal) => {
    if (!(signal in ENDING)) return;
    stopCode = ENDING[signal as keyof typeof ENDING];
    takeBack();
    stop.abort(new Error(`ended by ${signal}`));
  });
  try {
    const end = await lifecycle.logs(run, request, output.write);
    await output.end();
    if (end !== 'complete') report.warn(`${name}: the ${request.log} ${END[end]}`);
    return EXIT.done;
  } catch (error) {
    if (stopCode !== undefined) return stopCode;
    if (error instanceof ReaderGone) return READER_GONE_EXIT;
    throw error;
  } finally {
    takeBack();
  }
}

const ENDING = {
  SIGINT: 128 + constants.signals.SIGINT,
  SIGTERM: 128 + constants.signals.SIGTERM,
  SIGHUP: 128 + constants.signals.SIGHUP,
} as const;

const END = { stopped: 'has stopped', gone: 'is gone' } as const;

/** @throws KitError `log-unknown` or `log-options-invalid` (exit 2), with all problems */
function requestOf(
  run: ClusterRun,
  what: string,
  { follow = false, since, tail = 'all' }: LogOptions,
  now: Date,
): lifecycle.LogRequest {
  const { settings, target } = run;
  const known = logsOf(settings, target);
  const log = known.find((each) => each === what);
  const from = since === undefined ? undefined : parseSince(since, now);
  const lines = parseTail(tail);
  const problems: Problem[] = [];
  if (log === undefined) problems.push(unknownLog(run, what, known));
  if (since !== undefined && from === undefined) {
    problems.push({ path: '--since', message: `'${since}' is no time`, hint: SINCE_FORMS });
  } else if (since !== undefined && target.logs?.find(({ name }) => name === log)?.hasNoTimes) {
    problems.push({
      path: '--since',
      message: 'the logs of a first boot have no times',
      hint: 'Use --tail for the last lines of each.',
    });
  }
  if (lines === undefined) {
    problems.push({
      path: '--tail',
      message: `'${tail}' is no number of lines`,
      hint: TAIL_FORMS,
    });
  }
  if (log === undefined || lines === undefined || problems.length > 0) {
    throw usageError(log === undefined ? 'log-unknown' : 'log-options-invalid', problems);
  }
  return { log, follow, since: from, tail: lines };
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

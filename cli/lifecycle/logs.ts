import { constants } from 'node:os';
import { parseSince, parseTail, SINCE_FORMS, TAIL_FORMS } from '../../clients/docker/log-window.js';
import { EXIT, type Problem, usageError } from '../../lib/errors.js';
import { Outlet, READER_GONE_EXIT, ReaderGone } from '../../lib/outlet.js';
import { unknownName } from '../../lib/unknown-name.js';
import { logsOf } from '../../lifecycle/log-names.js';
import { type LogWish, readLogs } from '../../lifecycle/logs.js';
import type { ClusterSettings } from '../../targets/clusters-file/cluster-settings.js';
import { readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import type { Context, SharedOptions } from '../context.js';
import { jsonLog, plainLog } from './log-output.js';
import { worldOf } from './world.js';

/** The options of `clusterkit logs`. */
export interface LogOptions extends SharedOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly tail?: string;
}

/** `clusterkit logs NAME [WHAT]`: exit code 130 when Ctrl-C ended it. */
export async function logs(
  context: Context,
  options: LogOptions,
  name: string,
  what: string,
): Promise<number> {
  const { report } = context;
  const world = worldOf(context, name, 'logs');
  const settings = selectCluster(await readClustersFile(world.project.configFile), name);
  const wish = wishOf(settings, what, options, context.now());
  const out = new Outlet(context.stdout);
  const output = report.asJson ? jsonLog(out) : plainLog(out, wish.what === 'cloud-init');

  // Ctrl-C is how one ends to follow, and no interruption.
  const stop = new AbortController();
  let stopCode: number | undefined;
  const takeBack = context.lendSignals((signal) => {
    if (!(signal in ENDING)) return;
    stopCode = ENDING[signal as keyof typeof ENDING];
    takeBack();
    stop.abort(new Error(`ended by ${signal}`));
  });
  try {
    const end = await readLogs(settings, wish, { ...world, signal: stop.signal }, output.write);
    await output.end();
    if (end !== 'complete') report.warn(`${name}: the ${wish.what} ${END[end]}`);
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

/** @throws KitError `log-unknown` or `log-options-invalid` (exit 2), with all that is wrong */
function wishOf(
  settings: ClusterSettings,
  what: string,
  { follow = false, since, tail = 'all' }: LogOptions,
  now: Date,
): LogWish {
  const known = logsOf(settings);
  const found = known.find((each) => each === what);
  const from = since === undefined ? undefined : parseSince(since, now);
  const lines = parseTail(tail);
  const problems: Problem[] = [];
  if (found === undefined) problems.push(unknownLog(settings, what, known));
  if (since !== undefined && from === undefined) {
    problems.push({ path: '--since', message: `'${since}' is no moment`, hint: SINCE_FORMS });
  } else if (since !== undefined && found === 'cloud-init') {
    problems.push({
      path: '--since',
      message: 'the logs of a first boot do not tell when a line was written',
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
  if (found === undefined || lines === undefined || problems.length > 0) {
    throw usageError(found === undefined ? 'log-unknown' : 'log-options-invalid', problems);
  }
  return { what: found, follow, since: from, tail: lines };
}

function unknownLog({ name }: ClusterSettings, what: string, known: readonly string[]): Problem {
  const why = ABSENT[what];
  return why === undefined
    ? { path: what, message: `there is no log '${what}'`, hint: unknownName(what, known, '') }
    : { path: what, message: `cluster ${name} ${why}`, hint: `There are: ${known.join(', ')}.` };
}

/** Why a cluster may lack what others have a log of. */
const ABSENT: Readonly<Record<string, string>> = {
  gateway: 'has no gateway before its server',
  proxy: 'has no proxy: nothing brings it to https',
  'cloud-init': 'runs on the Docker engine of this machine: no machine was booted for it',
};

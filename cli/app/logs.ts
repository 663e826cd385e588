import { EXIT, usageError } from '../../lib/errors.js';
import { appLogs } from '../../lifecycle/apps/app-logs.js';
import type { Context, SharedOptions } from '../context.js';
import { type LogOptions, logRange } from '../lifecycle/log-range.js';
import { showLog } from '../lifecycle/show-log.js';
import { openAppRun } from './open.js';

/** `clusterkit app logs NAME APP`: exit code 130 when Ctrl-C ends it. */
export async function logs(
  context: Context,
  options: SharedOptions & LogOptions & { release?: string },
  name: string,
  app: string,
): Promise<number> {
  const stop = new AbortController();
  const run = await openAppRun(context, 'app logs', name, stop.signal);
  const { range, problems } = logRange(options, context.now());
  if (problems.length > 0) throw usageError('log-options-invalid', problems);
  const hasSeveral = run.settings.apps?.some((each) => each.name === app && each.instances > 1);
  return showLog(context, stop, hasSeveral === true, async (write) => {
    const end = await appLogs(run, { app, release: options.release, ...range }, write);
    if (end !== 'complete') context.report.warn(`${name}: ${app} ${END[end]}`);
    return EXIT.done;
  });
}

const END = { stopped: 'has stopped', gone: 'is gone: its release was replaced' } as const;

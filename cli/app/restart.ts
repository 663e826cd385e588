import { EXIT } from '../../lib/errors.js';
import { restartApps } from '../../lifecycle/apps/restart-apps.js';
import type { Context, SharedOptions } from '../context.js';
import { openAppRun } from './open.js';
import { outcomeLines } from './outcome-lines.js';

/** `clusterkit app restart NAME [APP…]` */
export async function restart(
  context: Context,
  _: SharedOptions,
  name: string,
  wanted: string[],
): Promise<number> {
  const run = await openAppRun(context, 'app restart', name);
  const outcomes = await restartApps(run, wanted);
  for (const line of outcomeLines(name, outcomes)) context.report.say(line);
  context.report.json(outcomes);
  return EXIT.done;
}

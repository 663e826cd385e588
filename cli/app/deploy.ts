import { EXIT } from '../../lib/errors.js';
import { deployApps } from '../../lifecycle/apps/deploy-apps.js';
import type { Context, SharedOptions } from '../context.js';
import { openAppRun, selectApps } from './open.js';
import { outcomeLines } from './outcome-lines.js';

/** `clusterkit app deploy NAME [APP…] [--force]` */
export async function deploy(
  context: Context,
  { force = false }: SharedOptions & { force?: boolean },
  name: string,
  wanted: string[],
): Promise<number> {
  const run = await openAppRun(context, 'app deploy', name);
  const apps = selectApps(run, wanted);
  const outcomes = await deployApps(run, apps, { force });
  for (const line of outcomeLines(name, outcomes)) context.report.say(line);
  context.report.json(outcomes);
  return EXIT.done;
}

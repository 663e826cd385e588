import { EXIT } from '../../lib/errors.js';
import { rollbackApp } from '../../lifecycle/apps/rollback-app.js';
import type { Context, SharedOptions } from '../context.js';
import { openAppRun } from './open.js';

/** `clusterkit app rollback NAME APP [--to RELEASE]` */
export async function rollback(
  context: Context,
  { to }: SharedOptions & { to?: string },
  name: string,
  app: string,
): Promise<number> {
  const run = await openAppRun(context, 'app rollback', name);
  const result = await rollbackApp(run, app, to);
  const { report } = context;
  report.say(`Application ${app}: release ${result.release} serves again; ${result.before} ended.`);
  report.json(result);
  return EXIT.done;
}

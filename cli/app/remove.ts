import { EXIT } from '../../lib/errors.js';
import { removeApps } from '../../lifecycle/apps/remove-apps.js';
import { assertMay } from '../confirm.js';
import type { Context, SharedOptions } from '../context.js';
import { openAppRun } from './open.js';
import { outcomeLines } from './outcome-lines.js';

/** `clusterkit app remove NAME APP…` */
export async function remove(
  context: Context,
  _: SharedOptions,
  name: string,
  names: string[],
): Promise<number> {
  const run = await openAppRun(context, 'app remove', name);
  const list = names.join(', ');
  await assertMay(
    context,
    `Remove ${list} from cluster ${name}, with all releases?`,
    {
      message: `removes ${list} with all releases, and nobody can be asked`,
      hint: `Run \`clusterkit app remove ${name} ${names.join(' ')} --yes\`.`,
    },
    { message: `${list} stays`, hint: 'Nothing has changed.' },
  );
  const outcomes = await removeApps(run, names);
  for (const line of outcomeLines(name, outcomes)) context.report.say(line);
  context.report.json(outcomes);
  return EXIT.done;
}

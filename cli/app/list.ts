import { EXIT } from '../../lib/errors.js';
import { listApps } from '../../lifecycle/apps/list-apps.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';
import { openAppRun } from './open.js';
import { stateOf } from './state-text.js';

/** `clusterkit app list NAME` */
export async function list(context: Context, _: SharedOptions, name: string): Promise<number> {
  const run = await openAppRun(context, 'app list', name);
  const states = await listApps(run);
  const { report } = context;
  const rows = states.map((state) => [
    ...[state.app, state.kind, state.release ?? '-', stateOf(state), state.address ?? '-'],
    ...[state.at?.slice(0, 19) ?? '-', state.earlier.join(' ') || '-'],
  ]);
  const head = ['APP', 'KIND', 'RELEASE', 'STATE', 'ADDRESS', 'SINCE (UTC)', 'EARLIER'];
  report.say(
    rows.length === 0 ? `Cluster ${name} has no applications.` : textTable([head, ...rows]),
  );
  report.json(states);
  return EXIT.done;
}

import { planCluster } from '../../flows/plan-cluster.js';
import { EXIT } from '../../lib/errors.js';
import { readClustersFile } from '../../lib/settings/read-clusters-file.js';
import { selectCluster } from '../../lib/settings/select-cluster.js';
import type { Context, SharedOptions } from '../context.js';
import { oneByOne } from './one-by-one.js';
import { worldOf } from './world.js';

const MARKS: Readonly<Record<string, string>> = {
  create: '+',
  delete: '-',
  update: '~',
  pull: '↓',
};

/** `clusterkit plan NAME…`: exit code 4 when something would change. */
export async function plan(context: Context, _: SharedOptions, names: string[]): Promise<number> {
  const results = await oneByOne(names, async (name) => {
    const world = worldOf(context, name, 'plan');
    const settings = selectCluster(await readClustersFile(world.project.configFile), name);
    const result = await planCluster(settings, world);
    context.report.say(
      result.changes.length === 0
        ? `Cluster ${name}: nothing to change.`
        : [
            `Cluster ${name}: ${result.changes.length} to change`,
            ...result.changes.map(
              ({ address, action }) => `  ${MARKS[action] ?? '±'} ${address} (${action})`,
            ),
          ].join('\n'),
    );
    return result;
  });
  context.report.json(results);
  return results.some(({ changes }) => changes.length > 0) ? EXIT.finding : EXIT.done;
}

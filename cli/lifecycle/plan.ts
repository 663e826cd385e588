import { EXIT } from '../../lib/errors.js';
import { readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import { assertSameTarget } from '../../targets/common/same-target.js';
import { requireStateOf } from '../../targets/common/workspace.js';
import { planCluster } from '../../targets/docker/plan.js';
import { type DropletPlanResult, planDroplet } from '../../targets/droplet/plan.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';
import { oneByOne } from './one-by-one.js';
import { worldOf } from './world.js';

const MARKS: Readonly<Record<string, string>> = {
  create: '+',
  delete: '-',
  update: '~',
  pull: '↓',
  adopt: '←',
};

/** `clusterkit plan NAME… [--source CIDR…]`: exit code 4 when something would change. */
export async function plan(
  context: Context,
  {
    source = [],
    adoptDatabase = false,
  }: SharedOptions & { source?: string[]; adoptDatabase?: boolean },
  names: string[],
): Promise<number> {
  const results = await oneByOne(names, async (name) => {
    const world = { ...worldOf(context, name, 'plan'), adoptDatabase };
    const settings = selectCluster(await readClustersFile(world.project.configFile), name);
    assertSameTarget(settings, await requireStateOf(world));
    const result =
      settings.target === 'docker'
        ? await planCluster(settings, world)
        : sayCost(context, await planDroplet(settings, world, source));
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

function sayCost({ report }: Context, result: DropletPlanResult): DropletPlanResult {
  const { cluster, cost, warnings } = result;
  for (const warning of warnings) report.warn(warning);
  const price = (dollars: number) => `$${dollars.toFixed(2)}`;
  const rows = cost.items.map(({ what, name, detail, monthly }) => [
    `  ${what}`,
    name,
    monthly === null ? '?' : monthly === 0 ? '' : price(monthly),
    detail,
  ]);
  const untold = cost.items.some(({ monthly }) => monthly === null)
    ? ' and without its database'
    : '';
  report.say(
    [
      `Cluster ${cluster} on the account, ${price(cost.monthly)} a month without taxes${untold}:`,
      textTable(rows),
    ].join('\n'),
  );
  return result;
}

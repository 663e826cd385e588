import type { PlannedChange } from '../../clients/terraform/events.js';
import { EXIT } from '../../lib/errors.js';
import { openRun } from '../../lifecycle/cluster-run.js';
import * as lifecycle from '../../lifecycle/plan.js';
import type { Cost } from '../../targets/target.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';
import { changeNotes } from './facts-of.js';
import { oneByOne } from './one-by-one.js';

const MARKS: Readonly<Record<string, string>> = {
  create: '+',
  delete: '-',
  update: '~',
  pull: '↓',
  adopt: '←',
  repair: '~',
};

/** `clusterkit plan NAME… [--source CIDR…]`: exit code 4 when `up` would change something. */
export async function plan(
  context: Context,
  options: SharedOptions & { source?: string[]; adoptDatabase?: boolean },
  names: string[],
): Promise<number> {
  const { source: sources = [], adoptDatabase = false } = options;
  const { report } = context;
  const { clusters, targets } = await clustersOf(context);
  const results = await oneByOne(names, async (name) => {
    const upOptions = { sources, adoptDatabase, allowReplace: false };
    const command = commandContext(context, name, 'plan');
    const run = openRun(command, clusters, upOptions, targets);
    const planned = await lifecycle.plan(run);
    const notes = changeNotes(run.settings, planned.before);
    const warnings = [...(planned.warnings ?? []), ...notes];
    const result = { ...planned, ...(warnings.length > 0 && { warnings }) };
    for (const warning of warnings) report.warn(warning);
    if (result.cost !== undefined) report.say(costText(name, result.cost));
    report.say(changesText(name, result.changes));
    return result;
  });
  report.json(results);
  return results.some(({ changes }) => changes.length > 0) ? EXIT.finding : EXIT.done;
}

function changesText(name: string, changes: lifecycle.PlanResult['changes']): string {
  if (changes.length === 0) return `Cluster ${name}: nothing to change.`;
  const lines = changes.map(
    ({ address, action, because = [] }) =>
      `  ${MARKS[action] ?? '±'} ${address} (${[action, because.join(', ')].filter(Boolean).join(': ')})`,
  );
  return [`Cluster ${name}: ${changes.length} to change`, ...lines, ...dataLines(changes)].join(
    '\n',
  );
}

/** What happens to the data, where a replaced container might make one think of it. */
function dataLines(changes: lifecycle.PlanResult['changes']): string[] {
  const isReplaced = ({ address, action }: PlannedChange) =>
    address.startsWith('docker_container.') && action === 'replace';
  const isData = ({ address, action }: PlannedChange) =>
    address === 'docker_volume.data' && action !== 'update';
  if (!changes.some(isReplaced) || changes.some(isData)) return [];
  return ['Containers are replaced, the data stays: its volume is not touched.'];
}

function costText(name: string, { monthly, items }: Cost): string {
  const price = (dollars: number) => `$${dollars.toFixed(2)}`;
  const rows = items.map((item) => [
    `  ${item.what}`,
    item.name,
    item.monthly === null ? '?' : item.monthly === 0 ? '' : price(item.monthly),
    item.detail,
  ]);
  const unknown = items.some((item) => item.monthly === null) ? ' and without its database' : '';
  return [
    `Cluster ${name} on the account, ${price(monthly)} a month without taxes${unknown}:`,
    textTable(rows),
  ].join('\n');
}

import { confirm } from '@inquirer/prompts';
import { apiAccess } from '../../clients/digitalocean/access.js';
import { openApi } from '../../clients/digitalocean/api.js';
import { EXIT, usageError } from '../../lib/errors.js';
import { chooseOrphans } from '../../targets/droplet/account/choose-orphans.js';
import {
  findOrphans,
  type Orphan,
  type OrphanReason,
} from '../../targets/droplet/account/orphans.js';
import { removeOrphans } from '../../targets/droplet/account/remove-orphans.js';
import { commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';

/** An orphan as `--json` tells it. Stable. */
interface SweptObject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly cluster: string | null;
  readonly why: OrphanReason;
  readonly outcome: 'found' | 'removed' | 'absent';
}

/**
 * `clusterkit sweep [WHAT…] [--remove] [--all]`: what is on the account and belongs to no known
 * cluster. Exit code 4 when something is left.
 */
export async function sweep(
  context: Context,
  options: SharedOptions & { remove?: boolean; all?: boolean },
  words: string[],
): Promise<number> {
  const { report } = context;
  const isRemoval = options.remove === true;
  if (isRemoval && words.length === 0 && options.all !== true) {
    throw usageError('sweep-unclear', {
      message: 'what is to be removed?',
      hint: 'Name clusters, names or ids that `clusterkit sweep` lists, or add --all.',
    });
  }
  const command = commandContext(context, '', 'sweep');
  const api = openApi(apiAccess(context.env), { signal: context.signal });
  const orphans = await findOrphans(api, command);
  const isListing = !isRemoval && words.length === 0;
  const chosen = isListing ? orphans : chooseOrphans(orphans, words);
  if (chosen.length > 0) report.say(textTable([HEAD, ...chosen.map(row)]));
  if (!isRemoval || chosen.length === 0) {
    report.say(summary(chosen.length, isRemoval, orphans.length));
    report.json(chosen.map((orphan) => toJson(orphan, 'found')));
    return (isRemoval ? orphans : chosen).length > 0 ? EXIT.finding : EXIT.done;
  }
  await assertMayRemove(context, chosen.length);
  const removals = await removeOrphans(api, chosen, command);
  const outcomes = new Map(removals.map(({ object: { id }, outcome }) => [id, outcome]));
  report.json(chosen.map((one) => toJson(one, outcomes.get(one.object.id) ?? 'absent')));
  const left = orphans.length - chosen.length;
  report.say(`Removed ${chosen.length}.${left > 0 ? ` Left: ${left}, see clusterkit sweep.` : ''}`);
  return left > 0 ? EXIT.finding : EXIT.done;
}

const HEAD = ['kind', 'name', 'id', 'cluster', 'state', 'why'];

const WHY: Readonly<Record<OrphanReason, string>> = {
  'unknown-cluster': 'no known cluster',
  'unknown-to-state': 'its cluster does not know it',
  'made-elsewhere': 'its cluster was not made from here',
  'state-lost': 'the state of its cluster is lost: clusterkit up takes it over',
  'kept-data': 'data that was kept',
  unmarked: 'assigned to nothing, carries no mark: may be anybody’s',
};

const row = ({ object: { kind, name, id, cluster, detail }, why }: Orphan) => [
  kind,
  name,
  id,
  cluster ?? '-',
  detail,
  WHY[why],
];

const toJson = ({ object, why }: Orphan, outcome: SweptObject['outcome']): SweptObject => ({
  kind: object.kind,
  id: object.id,
  name: object.name,
  cluster: object.cluster ?? null,
  why,
  outcome,
});

function summary(chosen: number, isRemoval: boolean, all: number): string {
  if (all === 0) return 'Nothing on the account that no known cluster needs.';
  if (isRemoval) return `Nothing removed: the ${all} that there are go by name only.`;
  return `${chosen} on the account that no known cluster needs. Remove by name: clusterkit sweep WHAT… --remove`;
}

async function assertMayRemove(context: Context, count: number): Promise<void> {
  if (context.yes) return;
  if (!context.canAsk) {
    throw usageError('confirmation-needed', {
      message: `sweep would remove ${count} from the account, with all data on them, and there is no terminal to ask on`,
      hint: 'Add --yes to remove them.',
    });
  }
  const message = `Remove these ${count} from the account, with all data on them?`;
  const { stderr: output, signal } = context;
  if (await confirm({ message, default: false }, { output, signal })) return;
  throw usageError('confirmation-refused', {
    message: 'nothing removed: the answer was no',
    hint: 'The account is as it was.',
  });
}

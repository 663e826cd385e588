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
import { commandContext, requireOwnState } from '../command-context.js';
import { assertMay } from '../confirm.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';

/** An orphan in `--json`. Stable. */
interface SweptObject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly cluster: string | null;
  readonly why: OrphanReason;
  readonly outcome: 'found' | 'removed' | 'absent';
}

/**
 * `clusterkit sweep [WHAT…] [--remove] [--all]`: lists, or removes, what no known cluster
 * needs on the account. Ends with 4 when something is left.
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
      message: '--remove needs names',
      hint: 'Name clusters, objects or ids from the list of `clusterkit sweep`, or add --all.',
    });
  }
  await requireOwnState(context);
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
  'unknown-cluster': 'its cluster is unknown',
  'unknown-to-state': 'the state of its cluster does not have it',
  'made-elsewhere': 'its cluster was not created from here',
  'state-lost': 'the state of its cluster is lost: clusterkit up imports it',
  'kept-data': 'kept data',
  unmarked: 'assigned to nothing, without a mark: its owner is unknown',
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
  if (all === 0) return 'The account has nothing that no known cluster needs.';
  if (isRemoval) return `Nothing removed. Left: ${all}, which you can remove by name only.`;
  return `The account has ${chosen} that no known cluster needs. To remove: clusterkit sweep WHAT… --remove`;
}

const assertMayRemove = (context: Context, count: number): Promise<void> =>
  assertMay(
    context,
    `Remove these ${count} from the account, with their data?`,
    {
      message: `sweep would remove ${count} from the account, with their data, and there is no terminal to ask on`,
      hint: 'Add --yes to remove them.',
    },
    { message: 'nothing removed: you answered no', hint: 'The account is unchanged.' },
  );

import { EXIT, usageError } from '../../lib/errors.js';
import { printableLine } from '../../lib/printable.js';
import * as lifecycle from '../../lifecycle/down.js';
import { clustersOf, commandContext } from '../command-context.js';
import { assertMay } from '../confirm.js';
import type { Context, SharedOptions } from '../context.js';
import { oneByOne } from './one-by-one.js';

/** `clusterkit down NAME… [--keep-data | --keep-volume]`: the options are synonyms on every target. */
export async function down(
  context: Context,
  options: SharedOptions & { keepData?: boolean; keepVolume?: boolean },
  names: string[],
): Promise<number> {
  const keeps = options.keepData === true || options.keepVolume === true;
  const { report } = context;
  const { clusters, targets } = await clustersOf(context);
  const results = await oneByOne(names, async (name) => {
    const command = commandContext(context, name, 'down');
    const run = await lifecycle.openDown(command, clusters, targets);
    const place = placeOfDatabase(run);
    // Data in an external database stays in any case.
    const keepData = keeps && place === undefined;
    const { option } = run.target.keepData;
    if (keepData) assertCanKeep(run);
    else await assertMayRemove(context, name, place, option);
    const result = await lifecycle.down(run, keepData);
    report.say(
      result.removed === 0 && result.entry !== 'removed'
        ? `Cluster ${name} does not exist${result.keptData ? ' any more; its data and keys are kept.' : ': nothing of it was found.'}`
        : `Cluster ${name} is removed${endOf(result, place)}.`,
    );
    for (const line of [...foreignLines(result), ...remainingLines(result)]) report.say(line);
    return result;
  });
  report.json(results);
  return EXIT.done;
}

/** Host and port of the external database, or `undefined`. */
function placeOfDatabase({ settings }: lifecycle.DownRun): string | undefined {
  const external = settings?.database.external;
  return external && `${external.host}:${external.port}`;
}

/** What has the cluster's name, belongs to somebody else, and stays. */
function foreignLines({ cluster, entry, foreign = [] }: lifecycle.DownResult): string[] {
  return [
    ...(entry === 'foreign'
      ? [`The registry entry ${cluster} is not of this cluster, and stays.`]
      : []),
    ...(foreign.length > 0 ? [`In the engine, not of this cluster: ${foreign.join(', ')}.`] : []),
  ];
}

/** What stays, and how it goes. */
function remainingLines({ remaining = [] }: lifecycle.DownResult): string[] {
  if (remaining.length === 0) return [];
  return [
    'These stay, because clusterkit did not make them:',
    ...remaining.map(({ kind, name, detail, costs, remove }) => {
      const what = `${kind.replace('-', ' ')} ${printableLine(name)}: ${detail}`;
      return `  ${what}${costs ? '; it costs money' : ''}. To remove: ${remove}`;
    }),
  ];
}

function endOf({ keptData, database }: lifecycle.DownResult, place = ''): string {
  if (database === undefined) return keptData ? '; its data and keys are kept' : '';
  const free = database === 'released' ? ', which any cluster can use now' : '';
  return `; its data stays in the database at ${place}${free}`;
}

function assertCanKeep({ target, settings }: lifecycle.DownRun): void {
  const refusal = settings && target.keepData.refusal?.(settings);
  if (refusal !== undefined) throw usageError('volume-none', refusal);
}

function assertMayRemove(context: Context, name: string, place: string | undefined, keep: string) {
  const [question, unasked] =
    place === undefined
      ? [
          `Drop all data of cluster ${name}? (${keep} keeps it)`,
          {
            message: `down would drop all data of cluster ${name}; without a terminal it cannot ask`,
            hint: `Add --yes to drop it, or ${keep} to keep it.`,
          },
        ]
      : [
          `Remove cluster ${name}? (its data stays at ${place})`,
          {
            message: `down would remove cluster ${name} and its key pair; without a terminal it cannot ask`,
            hint: `Add --yes. The data stays in the database at ${place}.`,
          },
        ];
  const refused = {
    path: name,
    message: 'not removed: the answer was no',
    hint: 'The cluster is unchanged.',
  };
  return assertMay(context, question, unasked, refused);
}

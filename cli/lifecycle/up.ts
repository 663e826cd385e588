import { EXIT } from '../../lib/errors.js';
import { openRun } from '../../lifecycle/cluster-run.js';
import * as lifecycle from '../../lifecycle/up.js';
import { afterUp } from '../../service/next-steps.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import { outcomeLines } from '../app/outcome-lines.js';
import { clustersOf, commandContext } from '../command-context.js';
import type { Context, SharedOptions } from '../context.js';
import { changeNotes, factsOf } from './facts-of.js';
import { oneByOne } from './one-by-one.js';

/** `clusterkit up NAME… [--source CIDR…] [--allow-replace] [--adopt-database]` */
export async function up(
  context: Context,
  options: SharedOptions & { source?: string[]; allowReplace?: boolean; adoptDatabase?: boolean },
  names: string[],
): Promise<number> {
  const { source: sources = [], allowReplace = false, adoptDatabase = false } = options;
  const { report } = context;
  const { clusters, targets } = await clustersOf(context);
  // All names before the first `up` starts: the last one may be mistyped.
  for (const name of names) selectCluster(clusters, name, targets);
  const results = await oneByOne(names, async (name) => {
    const command = commandContext(context, name, 'up');
    const upOptions = { sources, allowReplace, adoptDatabase };
    const startedAt = performance.now();
    const run = openRun(command, clusters, upOptions, targets);
    const { settings } = run;
    const result = await lifecycle.up(run);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    for (const note of changeNotes(settings, result.before)) report.warn(note);
    report.say(
      [
        `Cluster ${name} is up at ${result.endpoint} (server ${result.version}) after ${seconds} s.`,
        `Registered in ${result.registry}.`,
        ...(result.apps ? outcomeLines(name, result.apps) : []),
        ...afterUp(factsOf(settings), context.call),
      ].join('\n'),
    );
    return result;
  });
  report.json(results);
  return EXIT.done;
}

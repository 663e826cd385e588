import { confirm } from '@inquirer/prompts';
import type { ClusterWorld } from '../../flows/cluster-world.js';
import { leftTraces, takeDown } from '../../flows/take-down.js';
import { EXIT, usageError } from '../../lib/errors.js';
import type { DockerSettings } from '../../lib/settings/cluster-settings.js';
import { type Clusters, readClustersFile } from '../../lib/settings/read-clusters-file.js';
import { selectCluster } from '../../lib/settings/select-cluster.js';
import type { Context, SharedOptions } from '../context.js';
import { oneByOne } from './one-by-one.js';
import { worldOf } from './world.js';

/** `clusterkit down NAME… [--keep-data]` */
export async function down(
  context: Context,
  options: SharedOptions & { keepData?: boolean },
  names: string[],
): Promise<number> {
  const keepData = options.keepData === true;
  const results = await oneByOne(names, async (name) => {
    const world = worldOf(context, name, 'down');
    const clusters = await readClustersFile(world.project.configFile);
    const settings = await settingsIfAny(clusters, name, world);
    if (!keepData) await assertMayDropData(context, name);
    const result = await takeDown(settings, keepData, world);
    context.report.say(
      result.removed === 0 && result.entry === 'absent'
        ? `Cluster ${name} was already gone.`
        : `Cluster ${name} is gone${keepData ? '; its data and key pair are kept' : ''}.`,
    );
    return result;
  });
  context.report.json(results);
  return EXIT.done;
}

/** A cluster that the file no longer names, or no longer as the kit makes it, goes by its traces. */
async function settingsIfAny(
  clusters: Clusters,
  name: string,
  world: ClusterWorld,
): Promise<DockerSettings | undefined> {
  try {
    return selectCluster(clusters, name);
  } catch (error) {
    if (await leftTraces(world)) return undefined;
    throw error;
  }
}

async function assertMayDropData(context: Context, name: string): Promise<void> {
  if (context.yes) return;
  if (!context.canAsk) {
    throw usageError('confirmation-needed', {
      message: `down would drop all data of cluster ${name}, and there is no terminal to ask on`,
      hint: 'Add --yes to drop it, or --keep-data to keep it.',
    });
  }
  const message = `Drop all data of cluster ${name}?`;
  const { stderr: output, signal } = context;
  if (await confirm({ message, default: false }, { output, signal })) return;
  throw usageError('confirmation-refused', {
    path: name,
    message: 'not taken down: the answer was no',
    hint: 'Nothing of it was changed.',
  });
}

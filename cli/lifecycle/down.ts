import { confirm } from '@inquirer/prompts';
import type { ClusterWorld } from '../../cluster/context.js';
import { EXIT, type Problem, usageError } from '../../lib/errors.js';
import type {
  DockerSettings,
  DropletSettings,
} from '../../targets/clusters-file/cluster-settings.js';
import { type Clusters, readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import { type DownResult, takeDown, tracesOf } from '../../targets/docker/down.js';
import { takeDownDroplet } from '../../targets/droplet/down.js';
import type { Context, SharedOptions } from '../context.js';
import { oneByOne } from './one-by-one.js';
import { worldOf } from './world.js';

/** `clusterkit down NAME… [--keep-data]`; a droplet's data is on a volume, hence `--keep-volume`. */
export async function down(
  context: Context,
  options: SharedOptions & { keepData?: boolean; keepVolume?: boolean },
  names: string[],
): Promise<number> {
  const isWished = options.keepData === true || options.keepVolume === true;
  const results = await oneByOne(names, async (name) => {
    const world = worldOf(context, name, 'down');
    const clusters = await readClustersFile(world.project.configFile);
    const known = await whatIsKnown(clusters, name, world);
    const place = placeOfDatabase(known);
    // What is in a database of one's own stays in any case.
    const keepData = isWished && place === undefined;
    if (place !== undefined) await assertMayTakeDown(context, name, place);
    else if (!keepData) await assertMayDropData(context, name, KEEP[known.target]);
    else assertHasVolume(known);
    const result =
      known.target === 'docker'
        ? await takeDown(known.settings, keepData, world)
        : await takeDownDroplet(known.settings, keepData, world);
    context.report.say(
      result.removed === 0 && result.entry === 'absent'
        ? `Cluster ${name} was already gone.`
        : `Cluster ${name} is gone${endOf(result, place)}.`,
    );
    return result;
  });
  context.report.json(results);
  return EXIT.done;
}

/** Where a database of one's own is, or `undefined`. */
function placeOfDatabase({ settings }: Known): string | undefined {
  const external = settings?.database.external;
  return external && `${external.host}:${external.port}`;
}

function endOf({ keptData, database }: DownResult, place = ''): string {
  if (database === undefined) return keptData ? '; its data and key pair are kept' : '';
  const free = database === 'released' ? ', which any cluster may use now' : '';
  return `; its data stays in the database at ${place}${free}`;
}

/** A cluster by its target, with settings while the file has them. */
type Known =
  | { readonly target: 'docker'; readonly settings: DockerSettings | undefined }
  | { readonly target: 'digitalocean'; readonly settings: DropletSettings | undefined };

/** A cluster that the file no longer names, or no longer as the kit makes it, goes by its traces. */
async function whatIsKnown(clusters: Clusters, name: string, world: ClusterWorld): Promise<Known> {
  const traces = await tracesOf(world);
  try {
    const settings = selectCluster(clusters, name);
    // What was made before the target was changed is what has to go.
    if (traces !== undefined && traces !== settings.target)
      return { target: traces, settings: undefined };
    return settings.target === 'docker'
      ? { target: 'docker', settings }
      : { target: 'digitalocean', settings };
  } catch (error) {
    if (traces !== undefined) return { target: traces, settings: undefined };
    throw error;
  }
}

function assertHasVolume({ target, settings }: Known): void {
  if (target === 'docker' || settings?.volume !== false || settings.database.managed) return;
  throw usageError('volume-none', {
    path: `clusters.${settings.name}.volume`,
    message: 'is false: the data is on the droplet itself, and goes with it',
    hint: 'Save the data first, then take the cluster down without --keep-volume.',
  });
}

/** How each target is told to keep the data. */
const KEEP = { docker: '--keep-data', digitalocean: '--keep-volume' } as const;

const assertMayDropData = (context: Context, name: string, keep: string): Promise<void> =>
  assertMay(context, name, `Drop all data of cluster ${name}? (${keep} keeps it)`, {
    message: `down would drop all data of cluster ${name}, and there is no terminal to ask on`,
    hint: `Add --yes to drop it, or ${keep} to keep it.`,
  });

const assertMayTakeDown = (context: Context, name: string, place: string): Promise<void> =>
  assertMay(context, name, `Take cluster ${name} down? (its data stays at ${place})`, {
    message: `down would remove cluster ${name} and its key pair, and there is no terminal to ask on`,
    hint: `Add --yes. The data stays in the database at ${place}.`,
  });

async function assertMay(context: Context, name: string, message: string, unasked: Problem) {
  if (context.yes) return;
  if (!context.canAsk) throw usageError('confirmation-needed', unasked);
  const { stderr: output, signal } = context;
  if (await confirm({ message, default: false }, { output, signal })) return;
  throw usageError('confirmation-refused', {
    path: name,
    message: 'not taken down: the answer was no',
    hint: 'Nothing of it was changed.',
  });
}

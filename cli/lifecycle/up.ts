import { projectOf } from '../../cluster/project.js';
import { EXIT } from '../../lib/errors.js';
import { readClustersFile } from '../../targets/clusters-file/read.js';
import { selectCluster } from '../../targets/clusters-file/select.js';
import { assertSameTarget } from '../../targets/common/same-target.js';
import { requireStateOf } from '../../targets/common/workspace.js';
import { bringUp } from '../../targets/docker/up.js';
import { bringUpDroplet } from '../../targets/droplet/up.js';
import type { Context, SharedOptions } from '../context.js';
import { oneByOne } from './one-by-one.js';
import { worldOf } from './world.js';

/** `clusterkit up NAME… [--source CIDR…] [--allow-replace] [--adopt-database]` */
export async function up(
  context: Context,
  options: SharedOptions & { source?: string[]; allowReplace?: boolean; adoptDatabase?: boolean },
  names: string[],
): Promise<number> {
  const { source: sources = [], allowReplace = false, adoptDatabase = false } = options;
  const { report, configFile, cwd } = context;
  const clusters = await readClustersFile(projectOf(configFile, cwd).configFile);
  // All of them before the first is brought up: the last name may be mistyped.
  for (const name of names) selectCluster(clusters, name);
  const results = await oneByOne(names, async (name) => {
    const world = { ...worldOf(context, name, 'up'), adoptDatabase };
    const settings = selectCluster(clusters, name);
    assertSameTarget(settings, await requireStateOf(world));
    const startedAt = performance.now();
    const result =
      settings.target === 'docker'
        ? await bringUp(settings, world)
        : await bringUpDroplet(settings, world, { sources, allowReplace });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    report.say(
      [
        `Cluster ${name} is up at ${result.endpoint} (server ${result.version}) after ${seconds} s.`,
        `Registered in ${result.registry}. In a service with \`cluster: ${name}\` in its prisma.yml:`,
        '  prisma deploy',
      ].join('\n'),
    );
    return result;
  });
  report.json(results);
  return EXIT.done;
}

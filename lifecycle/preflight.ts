import { checkApps } from '../apps/preflight.js';
import { ownApps } from '../cluster/objects/own-apps.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { type Problem, usageError } from '../lib/errors.js';
import { supportedClusters } from '../targets/clusters-file/select.js';
import { combine } from '../targets/common/preflight.js';
import { withMachines } from '../targets/machine.js';
import type { Findings } from '../targets/target.js';
import type { ClusterRun } from './cluster-run.js';

/**
 * The preflight of a target, and what only the whole file shows; all problems are reported together.
 * @throws KitError with every problem; the first decides code and exit code
 */
export async function preflight(run: ClusterRun): Promise<Findings> {
  const { target, settings, context } = run;
  const [ports, found, apps] = await Promise.allSettled([
    (async () => assertOwnPorts(run))(),
    target.preflight(settings, context),
    checkAppsOf(run),
  ]);
  const errors = [ports, found, apps].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  if (errors.length > 0 || found.status === 'rejected' || apps.status === 'rejected') {
    throw combine(errors);
  }
  const { warnings } = found.value;
  return apps.value.length === 0
    ? found.value
    : { ...found.value, warnings: [...warnings, ...apps.value] };
}

/** @returns warnings about applications that stay as they are */
function checkAppsOf({ target, settings, context }: ClusterRun): Promise<readonly string[]> {
  const { cluster, project, env, signal } = context;
  const open = () => target.engines(context, signal);
  const deployed = async () => {
    const owner = await context.owner();
    const found = await withMachines(open, (machines) =>
      Promise.all(machines.map(({ engine }) => ownApps(engine, owner))),
    );
    return new Set(found.flatMap((names) => [...names]));
  };
  return checkApps({
    ...{ cluster, apps: settings.apps ?? [], configFile: project.configFile, env },
    // A machine that cannot be reached, or does not exist yet, is the target's problem.
    deployed: () => deployed().catch(() => new Set<string>()),
  });
}

/** @throws KitError `port-shared` (exit 2) when another cluster of the file has a port of this one here */
function assertOwnPorts({ settings, target, targets, clusters }: ClusterRun): void {
  if (!target.runsHere) return;
  const here = targets.filter(({ runsHere }) => runsHere).map(({ name }) => name);
  const others = supportedClusters(clusters, targets)
    .filter(({ name, target }) => name !== settings.name && here.includes(target))
    .flatMap(portsOf);
  const problems = portsOf(settings).flatMap(({ path, port }): Problem[] => {
    const same = others.filter((other) => other.port === port).map((other) => other.path);
    if (same.length === 0) return [];
    const hint =
      'Give each cluster on this machine ports of its own. Without a setting it is 4466.';
    return [{ path, message: `is ${port}, and so is ${same.join(' and ')}`, hint }];
  });
  if (problems.length > 0) throw usageError('port-shared', problems);
}

/** The ports of the machine that a cluster needs, and their settings. */
const portsOf = ({ name, port, apps = [] }: ClusterSettings) => [
  { path: `clusters.${name}.port`, port },
  ...apps.flatMap((app) =>
    app.published === undefined
      ? []
      : [{ path: `clusters.${name}.apps.${app.name}.port`, port: app.published }],
  ),
];

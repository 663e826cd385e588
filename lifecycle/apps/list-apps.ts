import { type AppState, appState } from '../../apps/app-state.js';
import { currentRelease } from '../../apps/document/document.js';
import { findEdges } from '../../apps/edge/find-edges.js';
import { edgeProblem } from '../../apps/edge-problem.js';
import { functionStates } from '../../apps/functions/function-states.js';
import type { AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import { memoryKills } from '../../apps/instances/memory-kills.js';
import type { ClusterRun } from '../cluster-run.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { addressOf } from './outcome.js';

/** The steps of `app list`: what is deployed, and what clusters.yml wants. Changes nothing. */
export const listApps = (run: ClusterRun): Promise<AppState[]> => withApps(run, appStates);

/** The states of all applications of a cluster, by name. @throws KitError `apps-damaged` (exit 3) */
export async function appStates(host: AppsHost): Promise<AppState[]> {
  const { engine, marks, settings } = host;
  const document = await requireDocument(host);
  const instances = await findInstances(engine, marks.cluster);
  const hasFunctions = Object.keys(document.apps).some(
    (name) => currentRelease(document, name)?.kind === 'function',
  );
  const functions = hasFunctions
    ? await functionStates(engine, marks.cluster).catch(() => undefined)
    : undefined;
  const edges = await findEdges(engine, marks.cluster);
  const current = Object.keys(document.apps).flatMap(
    (name) => currentRelease(document, name) ?? [],
  );
  const kills = await memoryKills(
    engine,
    current.flatMap((release) => release.instances),
  );
  const wanted = settings.apps ?? [];
  const names = new Set([...Object.keys(document.apps), ...wanted.map(({ name }) => name)]);
  return [...names].sort().map((name) => {
    const release = currentRelease(document, name);
    return appState({
      ...{ name, document, instances, functions, kills },
      edge: release && edgeProblem(release, edges),
      settings: wanted.find((app) => app.name === name),
      address: release ? addressOf(release, host) : null,
    });
  });
}

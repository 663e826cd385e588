import { type AppState, isWell } from '../../apps/app-state.js';
import type { Problem } from '../../lib/errors.js';
import type { ClusterRun } from '../cluster-run.js';
import { appStates } from './list-apps.js';
import { withApps } from './open-apps.js';

/** The states of a cluster's applications, for `status`. @throws KitError as `app list` does */
export const statusOfApps = (run: ClusterRun): Promise<AppState[]> => withApps(run, appStates);

/** What is wrong with applications; each makes the cluster unhealthy. */
export const appProblems = (cluster: string, states: readonly AppState[], now: Date): Problem[] => [
  ...states.filter((state) => !isWell(state)).map((state) => problemOf(cluster, state)),
  ...states.flatMap(({ app, instances }) =>
    instances
      .filter(({ killedForMemory }) => killedForMemory && isRecent(killedForMemory, now))
      .map(({ name, killedForMemory = '' }) => ({
        path: name,
        message: `exceeded its memory and was killed at ${killedForMemory.slice(0, 19)}Z`,
        hint: `Raise apps.${app}.memory in clusters.yml, and run \`clusterkit app deploy ${cluster} ${app}\`.`,
      })),
  ),
];

/** As of the cluster's own containers. */
const RECENT_MS = 24 * 3_600_000;
const isRecent = (time: string, now: Date) => now.getTime() - Date.parse(time) < RECENT_MS;

function problemOf(cluster: string, { app, state, problem }: AppState): Problem {
  const path = `clusters.${cluster}.apps.${app}`;
  const why = problem === undefined ? '' : `: ${problem}`;
  if (state === 'absent') {
    const hint = `Run \`clusterkit app deploy ${cluster} ${app}\`, or \`clusterkit up ${cluster}\`.`;
    return { path, message: 'is not deployed', hint };
  }
  if (state === 'extra') {
    const hint = `Run \`clusterkit app remove ${cluster} ${app}\`, or \`clusterkit up ${cluster}\`.`;
    return { path, message: 'is deployed, but clusters.yml does not name it', hint };
  }
  return {
    path,
    message: `is ${state}${why}`,
    hint: `Look at \`clusterkit app logs ${cluster} ${app}\`; \`clusterkit up ${cluster}\` makes missing containers again.`,
  };
}

import type { AppOutcome } from '../../lifecycle/apps/outcome.js';

/** What became of applications, a line each. */
export const outcomeLines = (cluster: string, outcomes: readonly AppOutcome[]): string[] =>
  outcomes.length === 0
    ? [`Cluster ${cluster} has no applications.`]
    : outcomes.map((outcome) => lineOf(cluster, outcome));

function lineOf(cluster: string, { app, outcome, release, address }: AppOutcome): string {
  const where = address === null ? '' : ` at ${address}`;
  switch (outcome) {
    case 'deployed':
      return `Application ${app}: release ${release} serves${where}.`;
    case 'removed':
      return `Application ${app}: removed.`;
    case 'waiting':
      return `Application ${app}: waits for its service. Deploy that (clusterkit deploy --cluster ${cluster}), then run \`clusterkit app deploy ${cluster} ${app}\`.`;
    case 'held':
      return `Application ${app}: release ${release} stays after the rollback; \`clusterkit app deploy ${cluster} ${app}\` deploys the newer one again.`;
    case 'unknown':
      return `Application ${app}: release ${release} stays; its secrets are not here, so nobody knows whether it has changed.`;
    default:
      return `Application ${app}: unchanged, release ${release} serves${where}.`;
  }
}

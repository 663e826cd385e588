import type { Problem } from '../../lib/errors.js';
import type { ClusterObject } from './cluster-objects.js';

/** Problems of objects that another project's cluster of the same name has. */
export function elsewhereProblems(cluster: string, foreign: readonly ClusterObject[]): Problem[] {
  const [first] = foreign;
  if (first === undefined) return [];
  const makers = new Set(foreign.flatMap(({ project }) => project ?? []));
  const maker = makers.size === 0 ? 'somebody else' : [...makers].join(' and ');
  return [
    {
      path: `clusters.${cluster}`,
      message: `a cluster of this name already exists in this engine (${namesOf(foreign)}), created by ${maker}`,
      hint: `Give this cluster another name in clusters.yml; or remove the other one: clusterkit down ${cluster}, in its directory. If its .clusterkit is lost: ${removalOf(foreign)}.`,
    },
  ];
}

/** Problems of objects that have a name which the cluster needs, and that clusterkit did not make. */
export const namesakeProblems = (cluster: string, found: readonly ClusterObject[]): Problem[] =>
  found.map((object) => ({
    path: `clusters.${cluster}`,
    message: `the engine already has a ${object.kind} '${object.name}', which does not belong to this cluster`,
    hint: `Give this cluster another name in clusters.yml; or remove the ${object.kind}, if nobody needs it: ${removalOf([object])}.`,
  }));

const namesOf = (objects: readonly ClusterObject[]) => objects.map(({ name }) => name).join(', ');

/** The commands that remove objects. */
function removalOf(objects: readonly ClusterObject[]): string {
  const verbs = { container: 'rm --force', network: 'network rm', volume: 'volume rm' } as const;
  return (['container', 'network', 'volume'] as const)
    .flatMap((kind) => {
      const names = objects.filter((object) => object.kind === kind).map(({ name }) => name);
      return names.length === 0 ? [] : [`docker ${verbs[kind]} ${names.join(' ')}`];
    })
    .join(' && ');
}

import { AUTHS } from '../auth.js';
import { type Problem, usageError } from '../errors.js';
import { requireGeneration, versionOfImage } from '../generation.js';
import { unknownName } from '../unknown-name.js';
import type { ClusterEntry, ClusterSettings } from './cluster-settings.js';
import { pairProblems } from './pair-problems.js';
import type { Clusters } from './read-clusters-file.js';

/**
 * The settings of one cluster, complete and supported.
 * @throws KitError `cluster-unknown`, `not-supported`, `version-unknown` (exit 2)
 */
export function selectCluster(clusters: Clusters, name: string): ClusterSettings {
  const entry = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (entry === undefined) throw unknownCluster(name, Object.keys(clusters));
  return complete(name, entry);
}

/** Every cluster of the file that this version of the kit can create. */
export function supportedClusters(clusters: Clusters): ClusterSettings[] {
  return Object.entries(clusters)
    .filter(([name, entry]) => unsupported(name, entry).length === 0)
    .map(([name, entry]) => complete(name, entry));
}

function complete(name: string, entry: ClusterEntry): ClusterSettings {
  const problems = unsupported(name, entry);
  const version = versionOf(entry);
  if (problems.length > 0 || version === undefined) throw usageError('not-supported', problems);
  const { image, auth = AUTHS[requireGeneration(version)][0] } = entry.server;
  return {
    name,
    target: 'docker',
    port: entry.port,
    server: { image, version, auth },
    database: entry.database,
  };
}

const versionOf = ({ server }: ClusterEntry) => server.version ?? versionOfImage(server.image);

function unsupported(name: string, entry: ClusterEntry): Problem[] {
  const path = `clusters.${name}`;
  const target: Problem[] = [];
  if (entry.target !== 'docker') {
    target.push({
      path: `${path}.target`,
      message: `'${entry.target}' is not yet supported`,
      hint: 'Use docker.',
    });
  }
  const version = versionOf(entry);
  if (version !== undefined) return [...target, ...pairProblems(path, version, entry)];
  return [
    ...target,
    {
      path: `${path}.server.version`,
      message: `is missing, and the tag of '${entry.server.image}' does not tell it`,
      hint: 'Write the server version in quotes, such as version: "1.8".',
    },
  ];
}

const unknownCluster = (name: string, known: readonly string[]) =>
  usageError('cluster-unknown', {
    message: `there is no cluster '${name}'`,
    hint: unknownName(name, known, 'The file names no clusters.'),
  });

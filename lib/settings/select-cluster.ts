import { type Problem, usageError } from '../errors.js';
import { generationOf, versionOfImage } from '../generation.js';
import { unknownName } from '../unknown-name.js';
import type { ClusterEntry, ClusterSettings } from './cluster-settings.js';
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
  const version = entry.server.version ?? versionOfImage(entry.server.image);
  if (problems.length > 0 || version === undefined) throw usageError('not-supported', problems);
  return {
    name,
    target: 'docker',
    port: entry.port,
    server: { image: entry.server.image, version },
    database: { connector: 'postgres', image: entry.database.image },
  };
}

function unsupported(name: string, { target, server, database }: ClusterEntry): Problem[] {
  const path = `clusters.${name}`;
  const problems: Problem[] = [];
  if (target !== 'docker') {
    problems.push({
      path: `${path}.target`,
      message: `'${target}' is not yet supported`,
      hint: 'Use docker.',
    });
  }
  const version = server.version ?? versionOfImage(server.image);
  if (version === undefined) {
    problems.push({
      path: `${path}.server.version`,
      message: `is missing, and the tag of '${server.image}' does not tell it`,
      hint: 'Write the server version in quotes, such as version: "1.8".',
    });
  } else if (generationOf(version) !== 'B') {
    problems.push({
      path: `${path}.server`,
      message: `version ${version} is not yet supported`,
      hint: 'Use a server from 1.8 to 1.26.',
    });
  } else if (/^1\.7(\.|-|$)/.test(version) && database.connector === 'postgres') {
    problems.push({
      path: `${path}.server`,
      message: `version ${version} does not know PostgreSQL`,
      hint: 'Use a server from 1.8 to 1.26.',
    });
  }
  if (database.connector !== 'postgres') {
    problems.push({
      path: `${path}.database.connector`,
      message: `'${database.connector}' is not yet supported`,
      hint: 'Use postgres.',
    });
  }
  return problems;
}

const unknownCluster = (name: string, known: readonly string[]) =>
  usageError('cluster-unknown', {
    message: `there is no cluster '${name}'`,
    hint: unknownName(name, known, 'The file names no clusters.'),
  });

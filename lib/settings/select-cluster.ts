import { AUTHS } from '../auth.js';
import { isBundled } from '../bundled-images.js';
import { type Problem, usageError } from '../errors.js';
import { requireGeneration, versionOfImage } from '../generation.js';
import { unknownName } from '../unknown-name.js';
import type {
  ClusterEntry,
  ClusterSettings,
  CommonSettings,
  DropletEntry,
  DropletSettings,
} from './cluster-settings.js';
import { pairProblems } from './pair-problems.js';
import type { Clusters } from './read-clusters-file.js';

/**
 * The settings of one cluster, complete and supported.
 * @throws KitError `cluster-unknown`, `not-supported`, `version-unknown` (exit 2)
 */
export function selectCluster(clusters: Clusters, name: string): ClusterSettings {
  const entry = entryOf(clusters, name);
  return entry.target === 'docker'
    ? { ...common(name, entry), target: 'docker' }
    : { ...common(name, entry), ...dropletPart(entry) };
}

/** Every cluster of the file that this version of the kit can create. */
export function supportedClusters(clusters: Clusters): ClusterSettings[] {
  return Object.entries(clusters)
    .filter(([name, entry]) => unsupported(name, entry).length === 0)
    .map(([name]) => selectCluster(clusters, name));
}

function entryOf(clusters: Clusters, name: string): ClusterEntry {
  const entry = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (entry === undefined) throw unknownCluster(name, Object.keys(clusters));
  return entry;
}

function common(name: string, entry: ClusterEntry): CommonSettings {
  const problems = unsupported(name, entry);
  const version = versionOf(entry);
  if (problems.length > 0 || version === undefined) throw usageError('not-supported', problems);
  const { image, auth = AUTHS[requireGeneration(version)][0] } = entry.server;
  return {
    name,
    port: entry.port,
    server: { image, version, auth },
    database: entry.database,
  };
}

/** Keys that were left out stay out: `undefined` is no value. */
function dropletPart(entry: DropletEntry): Omit<DropletSettings, keyof CommonSettings> {
  const { port: _, server, database, images, ssh, management, project, vpc, ...rest } = entry;
  const transport = (image: string) => images ?? (isBundled(image) ? 'push' : 'pull');
  return {
    ...rest,
    ...(ssh && { ssh }),
    ...(management && { management }),
    ...(project !== undefined && { project }),
    ...(vpc !== undefined && { vpc }),
    images: { server: transport(server.image), database: transport(database.image) },
  };
}

const versionOf = ({ server }: ClusterEntry) => server.version ?? versionOfImage(server.image);

function unsupported(name: string, entry: ClusterEntry): Problem[] {
  const path = `clusters.${name}`;
  const version = versionOf(entry);
  if (version !== undefined) return pairProblems(path, version, entry);
  return [
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

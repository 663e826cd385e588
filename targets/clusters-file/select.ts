import { isBundled } from '../../cluster/bundled-images.js';
import { databasePart, databaseProblems } from '../../cluster/settings/database-part.js';
import {
  gatewayPart,
  gatewayProblems,
  hasGateway,
  tlsPart,
} from '../../cluster/settings/gateway-part.js';
import { pairProblems } from '../../cluster/settings/pair-problems.js';
import { type Problem, usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { authsOf } from '../../prisma/auth.js';
import { requireGeneration, versionOfImage } from '../../prisma/generation.js';
import type {
  ClusterEntry,
  ClusterSettings,
  CommonSettings,
  DropletEntry,
  DropletSettings,
} from './cluster-settings.js';
import type { Clusters } from './read.js';

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
  const [fallback] = authsOf(requireGeneration(version), hasGateway(entry));
  const { image, auth = fallback } = entry.server;
  const gateway = gatewayPart(entry);
  return {
    name,
    port: entry.port ?? (entry.target === 'digitalocean' && entry.domain ? 443 : 4466),
    server: { image, version, auth },
    database: databasePart(entry),
    ...(gateway && { gateway }),
  };
}

/** Keys that were left out stay out: `undefined` is no value. */
function dropletPart(entry: DropletEntry): Omit<DropletSettings, keyof CommonSettings> {
  const { port: _, kind: _kind, limits: _limits, domain: _domain, acme: _acme, ...own } = entry;
  const { server, database: _database, gateway: _gateway, tls: _tls, images, ...others } = own;
  const { ssh, management, data, project, vpc, ...rest } = others;
  const transport = (image: string) => images ?? (isBundled(image) ? 'push' : 'pull');
  const [gateway, tls] = [gatewayPart(entry), tlsPart(entry)];
  const database = databasePart(entry);
  return {
    ...rest,
    // Without data on the droplet there is nothing to keep on one.
    ...(('external' in database || 'managed' in database) && { volume: false as const }),
    ...(ssh && { ssh }),
    ...(management && { management }),
    ...(data && { data }),
    ...(tls && { tls }),
    ...(project !== undefined && { project }),
    ...(vpc !== undefined && { vpc }),
    images: {
      server: transport(server.image),
      database: transport(database.image),
      ...(gateway && { gateway: transport(gateway.image) }),
      ...(tls && { proxy: transport(tls.proxyImage) }),
    },
  };
}

const versionOf = ({ server }: ClusterEntry) => server.version ?? versionOfImage(server.image);

function unsupported(name: string, entry: ClusterEntry): Problem[] {
  const path = `clusters.${name}`;
  const version = versionOf(entry);
  const rest = [...gatewayProblems(path, entry), ...databaseProblems(path, entry)];
  if (version !== undefined) {
    return [...pairProblems(path, version, entry, hasGateway(entry)), ...rest];
  }
  return [
    ...rest,
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

import { appProblems } from '../../cluster/settings/apps/app-problems.js';
import { appsPart } from '../../cluster/settings/apps/apps-part.js';
import { budgetProblems } from '../../cluster/settings/apps/budget-problems.js';
import { databasePart, databaseProblems } from '../../cluster/settings/database-part.js';
import type { ClusterEntry } from '../../cluster/settings/entry.js';
import {
  gatewayPart,
  gatewayProblems,
  hasGateway,
  tlsPart,
} from '../../cluster/settings/gateway-part.js';
import { megabytes } from '../../cluster/settings/memory.js';
import { pairProblems } from '../../cluster/settings/pair-problems.js';
import { serverProblems } from '../../cluster/settings/server-problems.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { type Problem, usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';
import { authsOf } from '../../prisma/auth.js';
import { requireGeneration, versionOfImage } from '../../prisma/generation.js';
import { TARGETS } from '../all.js';
import type { Clusters, FileTarget } from './schema.js';

/**
 * The complete settings of one cluster.
 * @throws KitError `cluster-unknown`, `not-supported`, `version-unknown` (exit 2)
 */
export function selectCluster(
  clusters: Clusters,
  name: string,
  targets: readonly FileTarget[] = TARGETS,
): ClusterSettings {
  const entry = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (entry === undefined) throw unknownCluster(name, Object.keys(clusters));
  const target = targetOf(entry, targets);
  const problems = unsupported(name, entry, target);
  const version = versionOf(entry);
  if (problems.length > 0 || version === undefined) throw usageError('not-supported', problems);
  const [fallback] = authsOf(requireGeneration(version), hasGateway(entry));
  const { image, auth = fallback, memory, javaOptions } = entry.server;
  const [gateway, tls] = [gatewayPart(entry), tlsPart(entry)];
  const apps = appsPart(entry.apps);
  return target.settings.complete(entry, {
    name,
    target: target.name,
    port: entry.port ?? (entry.domain === undefined ? 4466 : 443),
    server: {
      ...{ image, version, auth },
      ...(memory !== undefined && { memoryMb: megabytes(memory) }),
      ...(javaOptions !== undefined && { javaOptions }),
    },
    database: databasePart(entry),
    ...(gateway && { gateway }),
    ...(tls && { tls }),
    ...(apps.length > 0 && { apps }),
  });
}

/** Every cluster of the file that this version of the kit can create. */
export function supportedClusters(
  clusters: Clusters,
  targets: readonly FileTarget[] = TARGETS,
): ClusterSettings[] {
  return Object.entries(clusters)
    .filter(([name, entry]) => unsupported(name, entry, targetOf(entry, targets)).length === 0)
    .map(([name]) => selectCluster(clusters, name, targets));
}

function targetOf(entry: ClusterEntry, targets: readonly FileTarget[]): FileTarget {
  const target = targets.find(({ name }) => name === entry.target);
  if (target === undefined) throw new Error(`the schema accepted the target '${entry.target}'`);
  return target;
}

const versionOf = ({ server }: ClusterEntry) => server.version ?? versionOfImage(server.image);

function unsupported(name: string, entry: ClusterEntry, { settings }: FileTarget): Problem[] {
  const path = `clusters.${name}`;
  const version = versionOf(entry);
  const rest = [
    ...gatewayProblems(path, entry),
    ...databaseProblems(path, entry),
    ...appProblems(path, entry),
    ...(settings.problems?.(path, entry) ?? []),
  ];
  if (version !== undefined) {
    return [
      ...pairProblems(path, version, entry, hasGateway(entry)),
      ...serverProblems(path, version, entry),
      ...connectionProblems(path, version, entry),
      ...rest,
    ];
  }
  return [
    ...rest,
    {
      path: `${path}.server.version`,
      message: `is missing, and the tag of '${entry.server.image}' does not contain it`,
      hint: 'Write the server version in quotes, such as version: "1.8".',
    },
  ];
}

/** Those that show before the database exists. */
function connectionProblems(path: string, version: string, entry: ClusterEntry): Problem[] {
  const server = { image: entry.server.image, version };
  return budgetProblems(path, {
    server,
    database: databasePart(entry),
    apps: appsPart(entry.apps),
  });
}

const unknownCluster = (name: string, known: readonly string[]) =>
  usageError('cluster-unknown', {
    message: `there is no cluster '${name}'`,
    hint: unknownName(name, known, 'The file has no clusters.'),
  });

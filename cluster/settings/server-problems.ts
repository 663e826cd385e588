import type { Problem } from '../../lib/errors.js';
import { isBundledServer } from '../bundled-images.js';
import { heapOf } from '../containers/memory-plan.js';
import { relayMemory } from '../containers/relay-memory.js';
import type { ClusterEntry } from './entry.js';
import { megabytes } from './memory.js';
import { serverConnections } from './server-connections.js';

/** Memory of a database for one connection of a client, in MB. */
const CONNECTION_MB = 4;

/**
 * Settings of server and database that this server does not know, or that do not fit each other. Read in
 * upstream's releases: `schema` came with PostgreSQL in 1.8, `rawAccess` in 1.17.
 *
 * @param path of the cluster in its file
 */
export function serverProblems(path: string, version: string, entry: ClusterEntry): Problem[] {
  return [
    ...unknownProblems(version, entry),
    ...javaProblems(entry),
    ...databaseMemoryProblems(version, entry),
  ].map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
}

type Found = Problem & { readonly path: string };

function unknownProblems(version: string, { server, database, kind }: ClusterEntry): Found[] {
  const isBundled = isBundledServer(server.image);
  const problems: Found[] = [];
  const { rawAccess, schema } = database;
  if (rawAccess) {
    const message = isBundled
      ? `the bundled server '${server.image}' has no raw access`
      : isBefore(version, 17) && `server ${version} has no raw access, which came in 1.17`;
    const hint = 'Remove it, or use a server from prismagraphql/prisma:1.17 on.';
    if (message) problems.push({ path: 'database.rawAccess', message, hint });
  }
  if (schema !== undefined) {
    const connector = 'external' in database ? database.external.connector : database.connector;
    const at = { path: 'database.schema', hint: 'Remove it.' };
    if (connector !== 'postgres') {
      const message = 'is for postgres; on mysql every service is a database of its own';
      problems.push({ ...at, message });
    } else if (isBundled) {
      const message = `the bundled server '${server.image}' gives every service a schema of its own`;
      problems.push({ ...at, message });
    }
    if (kind === 'development') {
      const message =
        'cannot be used with kind: development, which measures each service by its own schema';
      problems.push({ ...at, message });
    }
  }
  return problems;
}

/** @param minor of the release 1.x */
const isBefore = (version: string, minor: number) =>
  Number(/^1\.(\d+)/.exec(version)?.[1] ?? 0) < minor;

const UNITS: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024 };

function javaProblems({ server }: ClusterEntry): Found[] {
  const { javaOptions, image } = server;
  if (javaOptions === undefined) return [];
  const path = 'server.javaOptions';
  if (isBundledServer(image)) {
    const message = `the bundled server '${image}' does not run on Java`;
    return [{ path, message, hint: 'Remove it; server.memory determines its heap.' }];
  }
  const [, amount, unit = ''] =
    [...javaOptions.matchAll(/-Xmx(\d+)([kmg]?)(?=\s|$)/gi)].at(-1) ?? [];
  if (amount === undefined || server.memory === undefined) return [];
  const heapMb = Number(amount) * (UNITS[unit.toLowerCase()] ?? 1 / 1024 ** 2);
  const limitMb = megabytes(server.memory);
  if (heapMb <= limitMb - BESIDES_MB) return [];
  const message = `its heap of ${Math.ceil(heapMb)} MB leaves less than ${BESIDES_MB} MB of server.memory (${limitMb} MB) for the rest of the JVM`;
  const hint = `Use at most -Xmx${heapOf(limitMb)}m, or raise server.memory.`;
  return [{ path, message, hint }];
}

/** What a server needs besides its heap, at least. */
const BESIDES_MB = 200;

function databaseMemoryProblems(version: string, { server, database }: ClusterEntry): Found[] {
  const { connectionLimit } = database;
  const connections = serverConnections({ server: { ...server, version }, database });
  const limitMb = database.memory === undefined ? undefined : megabytes(database.memory);
  const path = 'database.memory';
  if (!('image' in database)) {
    const needed = relayMemory(connections).limit;
    if (limitMb === undefined || limitMb >= needed) return [];
    const message = `is ${limitMb} MB; the relay to the database needs ${needed} MB for its connections`;
    return [{ path, message, hint: 'Remove it: the relay gets what it needs.' }];
  }
  if (connections === undefined || limitMb === undefined) return [];
  if (limitMb >= connections * CONNECTION_MB) return [];
  const message = `is ${limitMb} MB; server ${version} opens about ${connections} connections with connectionLimit: ${connectionLimit}, which need ${connections * CONNECTION_MB} MB`;
  return [{ path, message, hint: 'Raise it, or lower connectionLimit.' }];
}

import type { OpenDatabase } from '../clients/database/open-database.js';
import { type DataLayout, LAYOUT_NAMES } from '../cluster/data-layout.js';
import { type Problem, usageError } from '../lib/errors.js';
import { type DatabaseMark, readMark, takeMark } from './mark.js';
import { readRelease, releaseProblem } from './release.js';
import { lackingRights } from './rights.js';

/** The cluster that wants to use a database. */
export interface DatabaseClaim {
  readonly cluster: string;
  /** Id of the cluster in its key store. @default - the cluster has none yet */
  readonly id: string | undefined;
  readonly layout: DataLayout;
  /** Reuses the data of a Prisma server that the kit did not make. */
  readonly adopt: boolean;
}

/**
 * Checks a database that answers: its release, the rights of the login, and the owner of its data.
 * Only reads.
 * @param path of the database's settings, such as `clusters.local.database.external`
 */
export async function databaseProblems(
  database: OpenDatabase,
  claim: DatabaseClaim,
  server: { readonly version: string; readonly isBundled: boolean },
  path: string,
): Promise<Problem[]> {
  const release = releaseProblem(await readRelease(database), server);
  const lacks = await lackingRights(database);
  return [
    ...(release ? [{ path: `${path}.connector`, ...release }] : []),
    ...(lacks.length === 0 ? [] : [rightsProblem(database, lacks, path)]),
    ...(await dataProblems(database, await readMark(database), claim, path)),
  ];
}

function rightsProblem({ user, connector }: OpenDatabase, lacks: string[], path: string): Problem {
  return {
    path: `${path}.user`,
    message: `user '${user}' lacks ${lacks.join('; ')}`,
    hint:
      connector === 'postgres'
        ? `The server creates a schema for every service: grant create on the database to "${user}", and make it the owner of the existing schemas.`
        : `The server creates a database for every service: grant these rights to '${user}', globally or by pattern.`,
  };
}

/**
 * Checks who owns the data of a database and whether the server can read it.
 * @returns the obstacles
 */
export async function dataProblems(
  database: OpenDatabase,
  mark: DatabaseMark | undefined,
  claim: DatabaseClaim,
  path: string,
): Promise<Problem[]> {
  if (mark === undefined) {
    const places = await ownTables(database);
    return places.length === 0 || claim.adopt ? [] : [strangersProblem(database, places, path)];
  }
  const owner = ownerProblem(mark, claim, path);
  if (owner !== undefined) return [owner];
  return mark.layout === claim.layout ? [] : [layoutProblem(mark, claim, path)];
}

/** The problem when the data belongs to another cluster, or to this name with another key store. */
export function ownerProblem(
  mark: DatabaseMark,
  { id, cluster, adopt }: Pick<DatabaseClaim, 'id' | 'cluster' | 'adopt'>,
  path: string,
): Problem | undefined {
  if (mark.id === undefined || mark.id === id) return undefined;
  if (mark.cluster !== cluster) {
    return {
      path: `${path}.database`,
      message: `the database has the data of cluster '${mark.cluster}'`,
      hint: 'Use another database for each cluster, or run down for that cluster first: its data stays.',
    };
  }
  if (adopt) return undefined;
  return {
    path: `${path}.database`,
    message: `the database has the data of a cluster '${cluster}' with another key store`,
    hint: 'Restore that key store; or, if that cluster is gone for good, add --adopt-database.',
  };
}

function strangersProblem(
  { connector }: OpenDatabase,
  places: readonly string[],
  path: string,
): Problem {
  const what = connector === 'postgres' ? 'schema' : 'database';
  return {
    path: `${path}.database`,
    message: `the database has the data of a Prisma server that the kit did not make (${what} ${places.join(', ')})`,
    hint: 'Use another database. To reuse that data, stop that server for good and add --adopt-database.',
  };
}

function layoutProblem(mark: DatabaseMark, { cluster, layout }: DatabaseClaim, path: string) {
  const found = mark.layout in LAYOUT_NAMES ? LAYOUT_NAMES[mark.layout as DataLayout] : mark.layout;
  return {
    path: `${path}.database`,
    message: `the cluster's data has the layout of ${found}; the configured server needs ${LAYOUT_NAMES[layout]}`,
    hint: `Use another database, deploy the services of ${cluster} there and move their data.`,
  };
}

/** A server's two tables of deployed services; their case differs between releases. */
const PROJECTS = "lower(table_name) in ('project', 'migration')";

const QUERIES = {
  // A database holds the tables of one server, in a schema with the same name in all releases.
  postgres: `select table_schema as place from information_schema.tables
    where table_schema = 'management' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
  // Each service has its own database, named alike by every server, so one server owns a whole
  // MySQL.
  mysql: `select table_schema as place from information_schema.tables
    where table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
      and table_schema not like '%@%' and ${PROJECTS}
    group by table_schema having count(*) > 1`,
} as const;

/** Schemas (postgres) or databases (mysql) that hold a Prisma server's own tables. */
export async function ownTables(database: OpenDatabase): Promise<string[]> {
  const rows = await database.rows<{ place: string }>(QUERIES[database.connector]);
  return rows.map(({ place }) => place);
}

/**
 * Marks a database as a cluster's, unless it has other data. Of several claims at once, one
 * succeeds.
 * @param path of the database's settings
 * @throws KitError `database-unfit` (exit 2), which names the owner
 */
export const claim = (
  database: OpenDatabase,
  who: DatabaseClaim & { readonly id: string },
  path: string,
): Promise<'claimed' | 'already so'> =>
  takeMark(database, who, async (mark) => {
    const problems = await dataProblems(database, mark, who, path);
    if (problems.length > 0) throw usageError('database-unfit', problems);
  });

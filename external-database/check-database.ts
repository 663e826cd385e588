import { type DataLayout, LAYOUT_NAMES } from '../cluster/data-layout.js';
import type { Problem } from '../lib/errors.js';
import { type DatabaseMark, readMark } from './mark.js';
import type { OpenDatabase } from './open-database.js';
import { ownTables } from './own-tables.js';
import { readRelease, releaseProblem } from './release.js';
import { lackingRights } from './rights.js';

/** Who wants to use a database. */
export interface DatabaseClaim {
  readonly cluster: string;
  /** Id of the cluster in its key store; `undefined`: it has none yet. */
  readonly id: string | undefined;
  readonly layout: DataLayout;
  /** Data that a Prisma server left there without our mark is to be taken over. */
  readonly adopt: boolean;
}

/**
 * What is wrong with a database that answers: its release, the rights of the login, and whose data it
 * has. Reads only.
 * @param path of its settings, such as `clusters.local.database.external`
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
        ? `The server makes a schema for every service: grant create on the database to "${user}", and give it what is there already.`
        : `The server makes a database for every service: grant these rights to '${user}', globally or by the pattern.`,
  };
}

/** Whose data a database has, and whether it can be read. @returns what speaks against a claim */
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

/** Another cluster has it, or one of this name whose key store is not ours. */
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
      hint: 'Use another database for each cluster, or take that one down first: its data stays.',
    };
  }
  if (adopt) return undefined;
  return {
    path: `${path}.database`,
    message: `the database has the data of a cluster '${cluster}' that was made with another key store`,
    hint: 'Bring back that key store; or, if that cluster is gone for good, add --adopt-database.',
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
    message: `a Prisma server that the kit did not make has its data there (${what} ${places.join(', ')})`,
    hint: 'Use another database. To go on with that data, stop that server for good and add --adopt-database.',
  };
}

function layoutProblem(mark: DatabaseMark, { cluster, layout }: DatabaseClaim, path: string) {
  const found = mark.layout in LAYOUT_NAMES ? LAYOUT_NAMES[mark.layout as DataLayout] : mark.layout;
  return {
    path: `${path}.database`,
    message: `the cluster's data is of ${found}; what is written now needs ${LAYOUT_NAMES[layout]}`,
    hint: `Use another database, deploy the services of ${cluster} there and move their data.`,
  };
}

import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { type OpenDatabase, withDatabase } from '../../clients/database/open-database.js';
import { type Capacity, readCapacity } from '../../clients/database/postgres-capacity.js';
import { Unreachable } from '../../clients/database/unreachable.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { ensureDatabaseId, readDatabaseId } from '../../cluster/keys/database-id.js';
import {
  claim,
  type DatabaseClaim,
  databaseProblems,
} from '../../external-database/check-database.js';
import {
  loginError,
  type SettingsPlace,
  transportError,
} from '../../external-database/login-problem.js';
import { releaseMark } from '../../external-database/mark.js';
import { probeTransport } from '../../external-database/probe-transport.js';
import { KitError, type Problem, usageError } from '../../lib/errors.js';
import { throughRelay } from '../../programs/relay/through-relay.js';
import type { CommonFacts } from './stages/facts.js';

/** A cluster with an external database. */
export interface Claimant {
  readonly cluster: string;
  readonly keyDirectory: string;
  /** Version whose protocol the server speaks. */
  readonly version: string;
  /** See {@link DatabaseClaim}. @default false */
  readonly adopt?: boolean;
}

/** Path and keys of the database settings, for messages. */
export const databasePlace = (input: Pick<Claimable, 'cluster' | 'external'>): SettingsPlace => ({
  path: `clusters.${input.cluster}.database.external`,
  passwordKey: input.external && 'env' in input.external.password ? 'passwordEnv' : 'passwordFile',
});

const TRANSPORT_MS = 10_000;

/**
 * Checks that a cluster can use a database: it is reachable, its certificate is valid, the login works, the
 * release fits, the rights suffice, and it has no data of others. Changes nothing.
 * @throws KitError `database-…` (exit 2 or 3) with all problems
 */
export async function checkDatabase(
  login: DatabaseLogin,
  claimant: Claimant & {
    readonly isBundled: boolean;
    /** Problems with the connections that a PostgreSQL accepts. @default - none */
    readonly budget?: ((capacity: Capacity) => readonly Problem[]) | undefined;
  },
  place: SettingsPlace,
  signal?: AbortSignal,
): Promise<void> {
  const who = claimOf(login, claimant, await readDatabaseId(claimant.keyDirectory));
  await reach(login, place, signal, async (database) => {
    const { budget } = claimant;
    const problems = [
      ...(await databaseProblems(database, who, claimant, place.path)),
      ...(budget && login.connector === 'postgres' ? budget(await readCapacity(database)) : []),
    ];
    if (problems.length > 0) throw usageError('database-unfit', problems);
  });
}

/**
 * Checks the owner again and claims the database for the cluster, so that no other cluster uses it.
 * @returns what happened to the mark
 * @throws KitError `database-…` (exit 2 or 3)
 */
export async function claimDatabase(
  login: DatabaseLogin,
  claimant: Claimant,
  place: SettingsPlace,
  signal?: AbortSignal,
): Promise<'claimed' | 'already so'> {
  const id = await ensureDatabaseId(claimant.keyDirectory);
  const who = { ...claimOf(login, claimant, id), id };
  return reach(login, place, signal, (database) => claim(database, who, place.path));
}

/**
 * Releases a database; its data stays.
 * @param id of the cluster, from its key store
 * @returns `false`: the cluster had no claim on it
 * @throws KitError `database-…` (exit 2 or 3) when it cannot be reached
 */
export const releaseDatabase = (
  login: DatabaseLogin,
  id: string,
  place: SettingsPlace,
  signal?: AbortSignal,
): Promise<boolean> => reach(login, place, signal, (database) => releaseMark(database, id));

const claimOf = (
  { connector }: DatabaseLogin,
  { cluster, version, adopt = false }: Claimant,
  id: string | undefined,
): DatabaseClaim => ({ cluster, id, adopt, layout: dataLayoutOf(version, connector) });

/** Runs `work` over the server's future connection; errors refer to the settings. */
async function reach<T>(
  login: DatabaseLogin,
  place: SettingsPlace,
  signal: AbortSignal | undefined,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  try {
    await probeTransport(login, TRANSPORT_MS, signal);
    return await throughRelay(login, (near) => withDatabase(near, work));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof KitError) throw error;
    if (error instanceof Unreachable) throw transportError(error, place);
    throw loginError(error, login, place);
  }
}

/** The facts about a cluster by which its external database is claimed and released. */
export type Claimable = Pick<CommonFacts, 'cluster' | 'keyDirectory' | 'connector' | 'external'>;

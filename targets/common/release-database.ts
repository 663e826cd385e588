import { dirname } from 'node:path';
import { z } from 'zod';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { clusterOfKeys } from '../../cluster/identity.js';
import { readDatabaseId } from '../../cluster/keys/database-id.js';
import { readDatabasePassword } from '../../cluster/keys/key-store.js';
import { objectName } from '../../cluster/names.js';
import { externalLogin } from '../../external-database/read-login.js';
import { KitError, usageError } from '../../lib/errors.js';
import { type Machine, withMachines } from '../machine.js';
import { type Claimable, databasePlace, releaseDatabase } from './claim-database.js';
import { isBelow } from './stages/own-paths.js';
import { hostPlace, throughHost } from './through-host.js';

/** Outcome for an external database when its cluster is removed; its data stays in any case. */
export const databaseEnd = z.discriminatedUnion('outcome', [
  /** Any cluster can use it. */
  z.object({ outcome: z.literal('released') }),
  /** The cluster had no claim on it. */
  z.object({ outcome: z.literal('not ours') }),
  /** It is still marked as the cluster's, because it could not be released. */
  z.object({ outcome: z.literal('marked'), why: z.string() }),
]);

/** See {@link databaseEnd}. */
export type DatabaseEnd = z.infer<typeof databaseEnd>;

/** Releases a database. @throws only when it is interrupted */
export type ReleaseOnce = (signal?: AbortSignal) => Promise<DatabaseEnd>;

/** Where a release takes the password of the database from. */
export type PasswordFrom =
  /** The settings of `clusters.yml`, then the key store. */
  | 'settings'
  /** The key store, then a file of the project: the input is of a state, which could name any file or variable. */
  | 'key store';

/**
 * Reads what the release of an external database needs, while the key store exists.
 * @returns releases it; call it when nothing uses the database any more. `undefined`: there is none
 */
export async function prepareRelease(
  input: Claimable,
  env: NodeJS.ProcessEnv,
  machines: () => Promise<readonly Machine[]>,
  passwordFrom: PasswordFrom = 'settings',
): Promise<ReleaseOnce | undefined> {
  const { external, keyDirectory } = input;
  if (external === undefined) return undefined;
  const id = await readDatabaseId(keyDirectory);
  if (id === undefined) return async () => ({ outcome: 'not ours' });
  const logins = { settings: settingsLogin, 'key store': keptLogin };
  const login = await logins[passwordFrom](external, input, env).catch(asKitError);
  return async (signal) => {
    try {
      if (login instanceof KitError) throw login;
      const isReleased =
        external.checkFrom === 'host'
          ? await releaseThroughHost(login, id, input, machines, signal)
          : await releaseDatabase(login, id, databasePlace(input), signal);
      return { outcome: isReleased ? 'released' : 'not ours' };
    } catch (error) {
      signal?.throwIfAborted();
      // Any error: a cluster that cannot be removed is worse than a mark that stays.
      return { outcome: 'marked', why: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Releases through the machine, which must still exist; stops the database's users first. */
async function releaseThroughHost(
  login: DatabaseLogin,
  id: string,
  input: Claimable,
  machines: () => Promise<readonly Machine[]>,
  signal?: AbortSignal,
): Promise<boolean> {
  return withMachines(machines, async (opened) => {
    for (const { engine } of opened) {
      for (const role of ['gateway', 'server'] as const) {
        await stopContainer(engine, objectName(input.cluster, role));
      }
    }
    const forwarder = opened.find((machine) => machine.forwarder !== undefined)?.forwarder;
    if (forwarder === undefined) throw new Error('the cluster has no machine that can forward');
    const place = hostPlace(input);
    return throughHost(forwarder, login, place, (near) => releaseDatabase(near, id, place, signal));
  });
}

/** Ignores a container that is missing or already stopped. */
async function stopContainer(engine: Engine, name: string): Promise<void> {
  try {
    await engine.getContainer(name).stop({ t: STOP_SECONDS });
  } catch (error) {
    if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
  }
}

const STOP_SECONDS = 10;

/** Explains a database that could not be released. @param why from {@link DatabaseEnd} */
export const describeMark = (why: string): string =>
  `could not release the database: ${why}\n  The next cluster needs --adopt-database.`;

/** The outcome as a stage reports it. */
export function describeEnd(
  end: DatabaseEnd,
  external: Pick<DatabaseLogin, 'host' | 'port'> | undefined,
): string {
  if (end.outcome === 'marked') return `Warning: ${describeMark(end.why)}`;
  const stays = `its data stays in the database at ${external?.host}:${external?.port}`;
  return end.outcome === 'released'
    ? `${stays}, which any cluster can use now`
    : `${stays}, which does not belong to this cluster`;
}

/** The login with the password of the last `up`, when this command has none. */
async function settingsLogin(
  external: NonNullable<Claimable['external']>,
  { connector, keyDirectory }: Claimable,
  env: NodeJS.ProcessEnv,
): Promise<DatabaseLogin> {
  const { password } = external;
  if ('file' in password || env[password.env]) return externalLogin(external, connector, env);
  const kept = await readDatabasePassword(keyDirectory);
  return externalLogin(external, connector, kept ? { [password.env]: kept.reveal() } : env);
}

/** The login with the password of the last `up`. */
async function keptLogin(
  external: NonNullable<Claimable['external']>,
  { connector, keyDirectory }: Claimable,
): Promise<DatabaseLogin> {
  const kept = await readDatabasePassword(keyDirectory);
  if (kept !== undefined) {
    const password = { env: 'kept' };
    return externalLogin({ ...external, password }, connector, { kept: kept.reveal() });
  }
  const { password } = external;
  const directory = dirname(clusterOfKeys(keyDirectory).stateDir);
  if ('file' in password && isBelow(directory, password.file)) {
    return externalLogin(external, connector, {});
  }
  throw usageError('database-login-unusable', {
    path: keyDirectory,
    message: 'the password of the last `up` is not in the key store',
  });
}

function asKitError(error: unknown): KitError {
  if (error instanceof KitError) return error;
  throw error;
}

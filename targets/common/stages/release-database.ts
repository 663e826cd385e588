import { z } from 'zod';
import type { DatabaseLogin } from '../../../clients/database/database-login.js';
import { type Engine, statusOf } from '../../../clients/docker/connect.js';
import { readDatabaseId } from '../../../cluster/keys/database-id.js';
import { readDatabasePassword } from '../../../cluster/keys/key-store.js';
import { objectName } from '../../../cluster/names.js';
import { KitError } from '../../../lib/errors.js';
import { engineOf, openDroplet } from '../../droplet/engines.js';
import { databasePlace, releaseDatabase } from './claim-database.js';
import { externalLogin } from './database-login.js';
import type { StageInput } from './input.js';
import { hostPlace, throughHost } from './through-host.js';

/** What became of a database of one's own at the end of its cluster; its data stays in any case. */
export const databaseEnd = z.discriminatedUnion('outcome', [
  /** Free for any cluster. */
  z.object({ outcome: z.literal('released') }),
  /** It was not the cluster's. */
  z.object({ outcome: z.literal('not ours') }),
  /** It still says that it is the cluster's: it could not be told otherwise. */
  z.object({ outcome: z.literal('marked'), why: z.string() }),
]);

/** See {@link databaseEnd}. */
export type DatabaseEnd = z.infer<typeof databaseEnd>;

/** Gives a database back. @throws only when it is told to stop */
export type GiveBack = (signal?: AbortSignal) => Promise<DatabaseEnd>;

/**
 * Reads what is needed to give a database of one's own back, while the key store is there.
 * @returns what gives it back, to be called when nothing works on it any more; `undefined`: there is none
 */
export async function prepareRelease(
  input: StageInput<'release-database'>,
  env: NodeJS.ProcessEnv,
): Promise<GiveBack | undefined> {
  const { external, keyDirectory } = input;
  if (external === undefined) return undefined;
  const id = await readDatabaseId(keyDirectory);
  if (id === undefined) return async () => ({ outcome: 'not ours' });
  const login = await keptLogin(external, input, env).catch(asKitError);
  return async (signal) => {
    try {
      if (login instanceof KitError) throw login;
      const isReleased =
        external.checkFrom === 'host'
          ? await releaseThroughHost(login, id, input, signal)
          : await releaseDatabase(login, id, databasePlace(input), signal);
      return { outcome: isReleased ? 'released' : 'not ours' };
    } catch (error) {
      signal?.throwIfAborted();
      // Whatever it is: a cluster that cannot be taken down is worse than a mark that stays.
      return { outcome: 'marked', why: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** While the droplet is there, which is the only way; so what works on the database is stopped first. */
async function releaseThroughHost(
  login: DatabaseLogin,
  id: string,
  input: StageInput<'release-database'>,
  signal?: AbortSignal,
): Promise<boolean> {
  const connection = await openDroplet(input.keyDirectory, signal);
  try {
    const engine = await engineOf(connection);
    for (const role of ['gateway', 'server'] as const) {
      await stopContainer(engine, objectName(input.cluster, role));
    }
    const place = hostPlace(input);
    return await throughHost(connection, login, place, (near) =>
      releaseDatabase(near, id, place, signal),
    );
  } finally {
    connection.close();
  }
}

/** Gone or stopped already is done. */
async function stopContainer(engine: Engine, name: string): Promise<void> {
  try {
    await engine.getContainer(name).stop({ t: STOP_SECONDS });
  } catch (error) {
    if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
  }
}

const STOP_SECONDS = 10;

/** What to do about a database that could not be given back. @param why as {@link DatabaseEnd} has it */
export const markedInWords = (why: string): string =>
  `the database still says that it is this cluster's: ${why}\n  Its next cluster is brought up with --adopt-database.`;

/** How it ended, where a stage tells it. */
export function endInWords(
  end: DatabaseEnd,
  external: Pick<DatabaseLogin, 'host' | 'port'> | undefined,
): string {
  if (end.outcome === 'marked') return `Warning: ${markedInWords(end.why)}`;
  const stays = `its data stays in the database at ${external?.host}:${external?.port}`;
  return end.outcome === 'released'
    ? `${stays}, which any cluster may use now`
    : `${stays}, which is not this cluster's`;
}

/** With the password as the last `up` had it, where this command is not told: it need not be. */
async function keptLogin(
  external: NonNullable<StageInput<'release-database'>['external']>,
  { connector, keyDirectory }: StageInput<'release-database'>,
  env: NodeJS.ProcessEnv,
): Promise<DatabaseLogin> {
  const { password } = external;
  if ('file' in password || env[password.env]) return externalLogin(external, connector, env);
  const kept = await readDatabasePassword(keyDirectory);
  return externalLogin(external, connector, kept ? { [password.env]: kept.reveal() } : env);
}

function asKitError(error: unknown): KitError {
  if (error instanceof KitError) return error;
  throw error;
}

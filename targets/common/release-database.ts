import { z } from 'zod';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { readDatabaseId } from '../../cluster/keys/database-id.js';
import { readDatabasePassword } from '../../cluster/keys/key-store.js';
import { objectName } from '../../cluster/names.js';
import { externalLogin } from '../../external-database/read-login.js';
import { KitError } from '../../lib/errors.js';
import { type Machine, withMachines } from '../machine.js';
import { databasePlace, releaseDatabase } from './claim-database.js';
import type { Claimable } from './external-facts.js';
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

/** Releases a database. @throws only when it is interrupted */
export type ReleaseOnce = (signal?: AbortSignal) => Promise<DatabaseEnd>;

/**
 * Reads what is needed to give a database of one's own back, while the key store is there.
 * @returns what gives it back, to be called when nothing works on it any more; `undefined`: there is none
 */
export async function prepareRelease(
  input: Claimable,
  env: NodeJS.ProcessEnv,
  machines: () => Promise<readonly Machine[]>,
): Promise<ReleaseOnce | undefined> {
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
          ? await releaseThroughHost(login, id, input, machines, signal)
          : await releaseDatabase(login, id, databasePlace(input), signal);
      return { outcome: isReleased ? 'released' : 'not ours' };
    } catch (error) {
      signal?.throwIfAborted();
      // Whatever it is: a cluster that cannot be taken down is worse than a mark that stays.
      return { outcome: 'marked', why: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Through the machine while it exists, which is the only way; what uses the database stops first. */
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
export const describeMark = (why: string): string =>
  `the database still says that it is this cluster's: ${why}\n  Its next cluster is brought up with --adopt-database.`;

/** How it ended, where a stage tells it. */
export function describeEnd(
  end: DatabaseEnd,
  external: Pick<DatabaseLogin, 'host' | 'port'> | undefined,
): string {
  if (end.outcome === 'marked') return `Warning: ${describeMark(end.why)}`;
  const stays = `its data stays in the database at ${external?.host}:${external?.port}`;
  return end.outcome === 'released'
    ? `${stays}, which any cluster may use now`
    : `${stays}, which is not this cluster's`;
}

/** With the password as the last `up` had it, where this command is not told: it need not be. */
async function keptLogin(
  external: NonNullable<Claimable['external']>,
  { connector, keyDirectory }: Claimable,
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

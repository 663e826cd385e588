import type { Engine } from '../../clients/docker/connect.js';
import { environmentError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { type DatabaseClient, SqlError } from './database-client.js';
import { askConsole, pooledConnections } from './pool-console.js';

/** A user of the pool, as it must be. */
export interface SettledUser {
  readonly app: string;
  readonly role: string;
  readonly connections: number;
  readonly url: Secret;
}

/** A lower limit holds for new connections; those beyond it end with their transaction. */
export async function closeSurplus(engine: Engine, name: string, users: readonly SettledUser[]) {
  const container = engine.getContainer(name);
  const counts = await pooledConnections(container);
  const isOver = users.some(({ role, connections }) => (counts.get(role) ?? 0) > connections);
  if (isOver) await askConsole(container, 'reconnect');
}

/**
 * Logs in as every application that has no connection yet, over the way that it will take.
 * @throws KitError `pool-not-ready` (exit 3)
 */
export async function requireLogins(
  engine: Engine,
  { cluster, name }: { readonly cluster: string; readonly name: string },
  { logIn }: Pick<DatabaseClient, 'logIn'>,
  users: readonly SettledUser[],
): Promise<void> {
  const counts = await pooledConnections(engine.getContainer(name));
  for (const { app, role, url } of users) {
    if (counts.has(role)) continue;
    try {
      await logIn(url);
    } catch (cause) {
      if (!(cause instanceof SqlError)) throw cause;
      throw environmentError('pool-not-ready', {
        path: `clusters.${cluster}.apps.${app}.database`,
        message: `role '${role}' cannot log in to the database through the pool: ${cause.message}`,
        hint: 'A database that others run may accept only some users: let it accept this one as well (pg_hba.conf).',
        cause,
      });
    }
  }
}

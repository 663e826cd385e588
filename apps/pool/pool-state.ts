import type { Engine } from '../../clients/docker/connect.js';
import { objectName } from '../../cluster/names.js';
import { askConsole, isNotRunning } from './pool-console.js';

/** What a pool has to do, by role. */
export interface PoolLoad {
  readonly role: string;
  /** Connections of applications to the pool; waiting ones have a query that has no connection yet. */
  readonly clients: { readonly active: number; readonly waiting: number };
  /** Connections to the database. */
  readonly connections: { readonly active: number; readonly idle: number };
  /** The longest wait of those that wait, in seconds. */
  readonly waitSeconds: number;
}

/** The load of a cluster's pool; `undefined`: none runs. @throws Error with the console's words */
export async function poolState(engine: Engine, cluster: string): Promise<PoolLoad[] | undefined> {
  try {
    const rows = await askConsole(engine.getContainer(objectName(cluster, 'pool')), 'show pools');
    const own = rows.filter(({ database }) => database !== 'pgbouncer');
    return own.map((row) => {
      const number = (column: string) => Number(row[column] ?? 0);
      return {
        role: row.user ?? '',
        clients: { active: number('cl_active'), waiting: number('cl_waiting') },
        connections: {
          active: number('sv_active'),
          idle: number('sv_idle') + number('sv_used') + number('sv_tested') + number('sv_login'),
        },
        waitSeconds: number('maxwait'),
      };
    });
  } catch (error) {
    if (isNotRunning(error)) return undefined;
    throw error;
  }
}

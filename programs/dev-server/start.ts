import { setTimeout as sleep } from 'node:timers/promises';
import type { Generation } from '../../prisma/generation.js';
import { listen } from '../listen.js';
import type { Log } from '../log.js';
import { createClusterAuth } from './auth/cluster-auth.js';
import { awaitDatabase } from './database/await-database.js';
import { prepareDatabase } from './database/database.js';
import type { Database } from './database/database-kind.js';
import { openMysql } from './database/mysql.js';
import { openPostgres } from './database/postgres.js';
import { createServer } from './http/create-server.js';
import { ServiceApis } from './http/service-api.js';
import { createManagementApi } from './management/management-api.js';
import type { DatabaseSettings, ServerSettings } from './settings/settings-schema.js';

/** What a running server needs besides its settings. */
export interface Surroundings {
  readonly packageVersion: string;
  readonly now: () => Date;
  readonly log: Log;
  /** How long to wait for the database. @default 60000 */
  readonly databasePatienceMs?: number;
}

/** Connects to the database and listens. @throws when the database does not answer in time */
export async function startServer(
  settings: ServerSettings,
  { packageVersion, now, log, databasePatienceMs = 60_000 }: Surroundings,
) {
  const { generation } = settings;
  const version = serverVersion(generation, packageVersion);
  const auth = await createClusterAuth(settings, now);
  if (auth.mode === 'open') {
    log('WARNING: no key and no secret is configured: EVERYBODY who reaches this port may do all');
  }
  if (auth.mode === 'unusable') {
    log('WARNING: the configured key is not a multi-line SPKI PEM: every token will be refused');
  }
  const database = openDatabase(settings.databases.default, log);
  await awaitDatabase(() => prepareDatabase(database), log, {
    totalMs: databasePatienceMs,
    now: () => now().getTime(),
    sleep: (ms) => sleep(ms),
  });
  const server = createServer({
    generation,
    version,
    management: createManagementApi({ generation, version, auth, database, now, log }),
    acceptsDerived: auth.mode === 'public-key or derived secret',
    services: new ServiceApis(database, generation, now),
    reasonFor: database.kind.reasonFor,
    now,
    log,
  });
  const port = await listen(server, { port: settings.port });
  log(`clusterkit dev server ${version} listens on port ${port}, tokens: ${auth.mode}`);
  return {
    port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), 700);
      await closed;
      clearTimeout(timer);
      await Promise.race([database.db.destroy(), sleep(200)]);
      log('stopped');
    },
  };
}

/** The upstream release whose protocol each generation implements. */
const PROTOCOL: Record<Generation, string> = { A: '1.6.3', B: '1.8.3', C: '1.34.12' };

/**
 * The version that the server reports: the protocol, then the kit's own version, such as
 * `1.8.3-clusterkit.0.1.0`. The CLIs read the first two numbers. CLIs up to 1.8 compare versions
 * with a pattern; the dot after the name keeps it from matching, as for any release of upstream.
 */
export const serverVersion = (generation: Generation, packageVersion: string): string =>
  `${PROTOCOL[generation]}-clusterkit.${packageVersion}`;

const OPENERS = { mysql: openMysql, postgres: openPostgres };

/** The database in the settings. Opens no connection before the first query. */
export const openDatabase = (settings: DatabaseSettings, log: Log): Database =>
  OPENERS[settings.connector](settings, log);

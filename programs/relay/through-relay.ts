import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { settingsSchema } from './relay-settings.js';
import { startRelay } from './start-relay.js';

const LOOPBACK = '127.0.0.1';

/**
 * Runs `work` through a temporary relay, as a cluster's server will connect.
 * @param work gets a login without TLS on this machine
 */
export async function throughRelay<T>(
  login: DatabaseLogin,
  work: (near: DatabaseLogin) => Promise<T>,
): Promise<T> {
  const { via, ...rest } = login;
  const settings = settingsSchema.parse({
    ...{ ...rest, password: login.password.reveal() },
    ...{ listen: 0, listenHost: LOOPBACK, drainSeconds: 0.1 },
  });
  const relay = await startRelay({ ...settings, ...(via && { via }) }, () => {});
  try {
    const { connector, user, password, database } = login;
    const place = { host: LOOPBACK, port: relay.port, ssl: 'disable' } as const;
    return await work({ connector, user, password, database, ...place });
  } finally {
    await relay.stop();
  }
}

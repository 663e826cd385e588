import { Secret } from '../../lib/secret.js';
import { POOL_HOST } from './pool-container.js';
import { POOL_PORT, pooledName } from './render-pool.js';

/** `DATABASE_URL` of an application: its role, and the pool in the cluster's network. */
export const databaseUrl = (
  { role, password }: { readonly role: string; readonly password: Secret },
  database: string,
): Secret =>
  new Secret(
    `postgresql://${encodeURIComponent(role)}:${encodeURIComponent(password.reveal())}@${POOL_HOST}:${POOL_PORT}/${pooledName(database)}`,
  );

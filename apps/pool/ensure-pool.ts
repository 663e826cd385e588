import type { Capacity } from '../../clients/database/postgres-capacity.js';
import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { BUNDLED_POOL } from '../../cluster/bundled-images.js';
import { fillVolume } from '../../cluster/configuration/fill-volume.js';
import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';
import {
  appsWithPassword,
  ensureAppPassword,
  removeAppPassword,
} from '../../cluster/keys/app-passwords.js';
import { findClusterObjects, removeObjects } from '../../cluster/objects/cluster-objects.js';
import { ensureContainer, ensureVolume } from '../../cluster/objects/ensure-objects.js';
import {
  type BudgetProps,
  connectionBudget,
} from '../../cluster/settings/apps/connection-budget.js';
import { usageError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { withDatabaseClient } from './database-client.js';
import { databaseUrl } from './database-url.js';
import { ensureRoles } from './ensure-roles.js';
import type { PoolApp, PoolDatabase } from './pool-app.js';
import { reloadPool } from './pool-console.js';
import { POOL_USER, poolContainer, poolVolume } from './pool-container.js';
import { renderPool } from './render-pool.js';
import { roleName } from './role-name.js';
import { closeSurplus, requireLogins } from './settle-pool.js';

/** What {@link ensurePool} takes. */
export interface PoolProps extends ClusterMarks {
  /** Directory of the cluster's secrets. */
  readonly keyDirectory: string;
  readonly database: PoolDatabase;
  /** Every application of the cluster with `database: direct`; the roles of others are dropped. */
  readonly apps: readonly PoolApp[];
  /** The cluster's settings, for the budget of connections. */
  readonly settings: BudgetProps['settings'];
  /** Seconds that a query waits for a free connection. @default 30 */
  readonly waitSeconds?: number | undefined;
  /** @default - the bundled one */
  readonly image?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of a pool. */
export interface PoolOutcome {
  /** `DATABASE_URL` of each application, by its name. */
  readonly urls: ReadonlyMap<string, Secret>;
  readonly outcome: 'already so' | 'changed' | 'removed' | 'none';
}

/**
 * Makes what applications need to use the cluster's database: a role for each with rights on the rows of its service
 * only, and the pool that bounds their connections. Running applications notice nothing. Can be interrupted and repeated.
 * The database must run, and its server's network and configuration volume exist.
 *
 * @throws KitError `service-absent`, `database-role-taken`, `database-role-refused`, `connections-short`
 * (exit 2), `pool-not-ready`, `database-unusable`, `name-taken` (exit 3)
 */
export async function ensurePool(engine: Engine, props: PoolProps): Promise<PoolOutcome> {
  if (props.apps.length === 0) return removePool(engine, props);
  const { image = BUNDLED_POOL, database, keyDirectory, signal } = props;
  const users = await Promise.all(
    props.apps.map(async (app) => ({
      ...app,
      role: roleName(app.app, { ...props, isRelayed: database.isRelayed }),
      password: await ensureAppPassword(keyDirectory, app.app),
    })),
  ).then((all) => all.map((user) => ({ ...user, url: databaseUrl(user, database.database) })));
  const secrets = users.map(({ password }) => password);
  const isChanged = await withDatabaseClient(
    engine,
    { ...props, image, secrets },
    async (client) => {
      const plan = await ensureRoles(client.run, props, users, (facts) =>
        requireBudget(props, facts),
      );
      const volume = poolVolume(props);
      await ensureVolume(engine, volume);
      const place = { ...props, image, volume: volume.Name };
      const files = renderPool(database, users, props.waitSeconds);
      const filled = await fillVolume(engine, place, files, POOL_USER);
      const container = poolContainer(props, image);
      const made = await ensureContainer(engine, container);
      // Also when the files are the same: an earlier run may have ended before this.
      await reloadPool(engine, container.name, signal);
      await closeSurplus(engine, container.name, users);
      await plan.drop();
      await requireLogins(engine, { ...props, name: container.name }, client, users);
      return plan.isChanged || filled === 'filled' || made !== 'already so';
    },
  );
  await removeOtherPasswords(keyDirectory, props.apps);
  return {
    urls: new Map(users.map(({ app, url }) => [app, url])),
    outcome: isChanged ? 'changed' : 'already so',
  };
}

/** Removes roles, pool and passwords, when there are any. */
async function removePool(engine: Engine, props: PoolProps): Promise<PoolOutcome> {
  const { cluster, keyDirectory } = props;
  const objects = (await findClusterObjects(engine, cluster)).filter(
    ({ role }) => role === 'pool' || role === 'pool-files',
  );
  const apps = await appsWithPassword(keyDirectory);
  if (objects.length === 0 && apps.length === 0) return { urls: new Map(), outcome: 'none' };
  await withDatabaseClient(engine, { ...props, secrets: [] }, async ({ run }) => {
    const plan = await ensureRoles(run, props, [], () => {});
    for (const { kind, id } of objects) if (kind === 'container') await removeContainer(engine, id);
    await plan.drop();
  });
  await removeObjects(engine, objects);
  await removeOtherPasswords(keyDirectory, []);
  return { urls: new Map(), outcome: 'removed' };
}

function requireBudget({ settings, apps, database, cluster }: PoolProps, capacity: Capacity) {
  const path = `clusters.${cluster}`;
  const { isRelayed } = database;
  const { problem } = connectionBudget({ path, settings, apps, capacity, isRelayed });
  if (problem !== undefined) throw usageError('connections-short', problem);
}

async function removeOtherPasswords(directory: string, apps: readonly PoolApp[]) {
  for (const app of await appsWithPassword(directory)) {
    if (!apps.some((each) => each.app === app)) await removeAppPassword(directory, app);
  }
}

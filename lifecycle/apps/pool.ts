import { type AppsDocument, currentRelease } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { ensureKitImage } from '../../apps/kit-image.js';
import { ensurePool } from '../../apps/pool/ensure-pool.js';
import type { PoolApp, PoolDatabase } from '../../apps/pool/pool-app.js';
import { serviceSchema } from '../../apps/pool/service-schema.js';
import { BUNDLED_POOL } from '../../cluster/bundled-images.js';
import { DATABASES } from '../../cluster/databases.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import type { Secret } from '../../lib/secret.js';
import { serviceOfApp } from './service-of-app.js';

/**
 * The `DATABASE_URL` of an application. The pool is also for the other applications that are deployed and use the
 * database.
 *
 * @throws KitError of `ensurePool`
 */
export async function databaseUrlOf(
  host: AppsHost,
  document: AppsDocument,
  app: AppSettings,
  all: readonly AppSettings[],
): Promise<Secret | undefined> {
  const isMeant = ({ name, database }: AppSettings) =>
    database !== undefined && (name === app.name || currentRelease(document, name) !== undefined);
  const { urls } = await poolFor(host, all.filter(isMeant), app.name);
  return urls.get(app.name);
}

/** Removes the roles of applications that are gone, and the pool when none is left. */
export async function forgetPool(host: AppsHost, document: AppsDocument): Promise<void> {
  const isDeployed = ({ name, database }: AppSettings) =>
    database !== undefined && currentRelease(document, name) !== undefined;
  await poolFor(host, (host.settings.apps ?? []).filter(isDeployed));
}

/** @param deployed the application whose service must be there. @default - none */
async function poolFor(host: AppsHost, apps: readonly AppSettings[], deployed?: string) {
  const { engine, marks, context, settings } = host;
  const { keyDirectory, signal } = context;
  if (apps.length > 0) await ensureKitImage(host, BUNDLED_POOL);
  const users = await Promise.all(apps.map((app) => poolApp(app, host, deployed)));
  return ensurePool(engine, {
    ...{ ...marks, keyDirectory, settings, signal, apps: users },
    database: await databaseOf(host),
  });
}

async function poolApp(
  app: AppSettings,
  { context, settings }: AppsHost,
  deployed: string | undefined,
): Promise<PoolApp> {
  const place = { configFile: context.project.configFile, env: context.env };
  const service = await serviceOfApp(app, {}, place);
  const { schema } = settings.database;
  return {
    app: app.name,
    schema: serviceSchema(service?.name ?? '', service?.stage ?? '', schema),
    connections: app.database?.connections ?? 0,
    mayLackService: app.name !== deployed,
  };
}

/** The kit's own login: what the server logs in as. */
async function databaseOf({ place, context }: AppsHost): Promise<PoolDatabase> {
  const login = place.database ?? (await context.login());
  if (login !== undefined) return { user: login.user, database: login.database, isRelayed: true };
  const { user } = DATABASES.postgres;
  return { user, database: user, isRelayed: false };
}

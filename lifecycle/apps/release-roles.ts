import { NO_APPS } from '../../apps/document/document.js';
import { appsWithPassword } from '../../cluster/keys/app-passwords.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { KitError } from '../../lib/errors.js';
import type { ClusterRun } from '../cluster-run.js';
import { withApps } from './open-apps.js';
import { forgetPool } from './pool.js';

/** A cluster that goes. @default settings - the file no longer has it */
interface Cluster extends Pick<ClusterRun, 'target' | 'context'> {
  readonly settings: ClusterSettings | undefined;
}

/**
 * Removes the roles of applications from an external database, which outlives the cluster. The cluster must still run;
 * where it does not, the roles stay, with a warning: they can log in to nothing but the rows of their service.
 */
export async function releaseRoles({ target, settings, context }: Cluster): Promise<void> {
  if (settings?.database.external === undefined) return;
  const apps = await appsWithPassword(context.keyDirectory);
  if (apps.length === 0) return;
  try {
    await withApps({ target, settings, context }, (host) => forgetPool(host, NO_APPS));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof KitError)) throw error;
    const { host } = settings.database.external;
    context.progress.warn(
      `the database at ${host} keeps the roles of ${apps.join(', ')}: ${error.problems[0]?.message}`,
    );
  }
}

import { withoutApp } from '../../apps/document/changes.js';
import type { AppsDocument } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import { serve } from '../../apps/serve.js';
import { withClusterLock } from '../../cluster/lock.js';
import { removeOldImages } from '../../cluster/objects/remove-old-images.js';
import type { ClusterRun } from '../cluster-run.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import type { AppOutcome } from './outcome.js';
import { forgetPool } from './pool.js';
import { requireApp } from './require-app.js';

/**
 * The steps of `app remove`: no more requests, then the containers, images and database roles go.
 * @throws KitError `app-unknown` (exit 2) before anything changes
 */
export const removeApps = (run: ClusterRun, names: readonly string[]): Promise<AppOutcome[]> =>
  withClusterLock(run.context, () =>
    withApps(run, async (host) => {
      const document = await requireDocument(host);
      const instances = await findInstances(host.engine, host.marks.cluster);
      const isLeft = (name: string) => instances.some(({ app }) => app === name);
      const isNamed = (name: string) => host.settings.apps?.some((app) => app.name === name);
      // An interrupted removal is completed, and one that is done is no error.
      for (const name of names) {
        if (!isLeft(name) && !isNamed(name)) requireApp(document, name, host);
      }
      await removeFrom(host, document, names);
      return names.map(removed);
    }),
  );

/** Removes applications from what is deployed. @returns the new document */
export async function removeFrom(
  host: AppsHost,
  document: AppsDocument,
  names: readonly string[],
): Promise<AppsDocument> {
  const rest = names.reduce(withoutApp, document);
  await serve(host, rest);
  const { cluster } = host.marks;
  for (const app of names) await removeOldImages(host.engine, { cluster, app, releases: [] });
  await forgetPool(host, rest);
  return rest;
}

/** The outcome of an application that is gone. */
export const removed = (app: string): AppOutcome => ({
  ...{ app, outcome: 'removed', release: null, address: null },
});

import { nextRelease, restarted } from '../../apps/document/changes.js';
import { type AppsDocument, currentRelease } from '../../apps/document/document.js';
import { ensureEdgesFor } from '../../apps/edge-of.js';
import type { AppsHost } from '../../apps/host.js';
import { cloneInstances } from '../../apps/instances/clone-instances.js';
import { removeRelease } from '../../apps/instances/remove-release.js';
import { serve } from '../../apps/serve.js';
import { withClusterLock } from '../../cluster/lock.js';
import type { ClusterRun } from '../cluster-run.js';
import { Steps } from '../steps.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { type AppOutcome, addressOf } from './outcome.js';
import { requireApp, requireRelease } from './require-app.js';

/**
 * The steps of `app restart`: for each application new containers like the old ones, as a release that takes the place of
 * the current one, then the swap. No secrets are needed: the containers have them.
 *
 * @param wanted names. @default - all that are deployed
 * @throws KitError `app-unknown` (exit 2), `app-ended`, `app-unhealthy` (exit 3)
 */
export const restartApps = (run: ClusterRun, wanted: readonly string[]): Promise<AppOutcome[]> =>
  withClusterLock(run.context, () =>
    withApps(run, async (host) => {
      let document = await requireDocument(host);
      const names = wanted.length > 0 ? wanted : Object.keys(document.apps);
      for (const name of names) requireApp(document, name, host);
      const steps = new Steps(run.context.progress);
      const outcomes: AppOutcome[] = [];
      for (const name of names) {
        document = await restart(host, document, name, steps);
        const release = currentRelease(document, name);
        const address = release ? addressOf(release, host) : null;
        outcomes.push({ app: name, outcome: 'deployed', release: release?.id ?? null, address });
      }
      return outcomes;
    }),
  );

async function restart(
  host: AppsHost,
  document: AppsDocument,
  name: string,
  steps: Steps,
): Promise<AppsDocument> {
  const app = requireApp(document, name, host);
  const current = requireRelease(app, app.current);
  const id = nextRelease(document, name);
  const release = { ...current, id, at: new Date().toISOString() };
  await steps.run(`${name}: remove left-overs`, () => removeRelease(host, name, id));
  await steps.run(`${name}: edge`, () => ensureEdgesFor(host, [document]));
  const instances = await steps.run(`${name}: start`, () =>
    cloneInstances(host, name, current, id),
  );
  const deployed = restarted(document, name, { ...release, instances });
  await steps.run(`${name}: swap`, () => serve(host, deployed));
  return deployed;
}

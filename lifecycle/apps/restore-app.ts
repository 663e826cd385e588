import { withInstances } from '../../apps/document/changes.js';
import type { AppsDocument } from '../../apps/document/document.js';
import { ensureEdgesFor } from '../../apps/edge-of.js';
import type { AppsHost } from '../../apps/host.js';
import { cloneInstances } from '../../apps/instances/clone-instances.js';
import { serve } from '../../apps/serve.js';
import type { Steps } from '../steps.js';
import { requireApp, requireRelease } from './require-app.js';

/**
 * Makes the current release of an application whole again: stopped containers start, missing ones are made like the
 * others. It needs neither its image's source nor its secrets.
 *
 * @throws KitError `release-gone` when no container is left, `app-ended`, `app-unhealthy` (exit 3)
 */
export async function restoreApp(
  host: AppsHost,
  document: AppsDocument,
  name: string,
  steps: Steps,
): Promise<AppsDocument> {
  const app = requireApp(document, name, host);
  const current = requireRelease(app, app.current);
  await steps.run(`${name}: edge`, () => ensureEdgesFor(host, [document]));
  const instances = await steps.run(`${name}: start`, () =>
    cloneInstances(host, name, current, current.id),
  );
  const whole = withInstances(document, name, current.id, instances);
  await steps.run(`${name}: serve`, () => serve(host, whole));
  return whole;
}

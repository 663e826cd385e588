import type { AppsDocument } from '../../apps/document/document.js';
import { recovered } from '../../apps/document/recovered.js';
import { readDocument } from '../../apps/document/store.js';
import type { AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import { environmentError } from '../../lib/errors.js';

/** What is deployed. @throws KitError `apps-damaged` (exit 3) */
export async function requireDocument(host: AppsHost): Promise<AppsDocument> {
  const document = await readDocument(host);
  if (document !== undefined) return document;
  const { cluster } = host.marks;
  throw environmentError('apps-damaged', {
    path: `volume clusterkit-${cluster}-apps`,
    message: 'apps.json, which says what is deployed, is damaged',
    hint: `Run \`clusterkit app deploy ${cluster} --force\`, which deploys all applications anew.`,
  });
}

/** What is deployed; where that is damaged, what its containers show. */
export async function readOrRecover(host: AppsHost): Promise<AppsDocument> {
  const document = await readDocument(host);
  if (document !== undefined) return document;
  const instances = await findInstances(host.engine, host.marks.cluster);
  return recovered(host.settings.apps ?? [], instances, new Date().toISOString());
}

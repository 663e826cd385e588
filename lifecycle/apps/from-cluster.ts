import type { Candidate } from '../../apps/candidate.js';
import type { AppsDocument } from '../../apps/document/document.js';
import type { FromCluster } from '../../apps/environment.js';
import type { AppsHost } from '../../apps/host.js';
import { serviceCheck } from '../../apps/service-check.js';
import { serviceEndpoint } from '../../apps/service-endpoint.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { databaseUrlOf } from './pool.js';

/** What an application gets, and whether that is all. */
export interface Given extends FromCluster {
  /** `false`: its service does not exist yet, and its release command may deploy it. */
  readonly isComplete: boolean;
}

/**
 * What an application receives from its cluster: endpoint and secret of its service, and the database.
 *
 * @param when `before` its release command: a service that is missing may come by that
 * @throws KitError `service-absent`, `service-secret-missing`, `service-secret-wrong` and those of the pool (exit 2, 3)
 */
export async function fromCluster(
  host: AppsHost,
  document: AppsDocument,
  { app, service }: Candidate,
  all: readonly AppSettings[],
  when: 'before' | 'after',
): Promise<Given> {
  if (service === undefined) return { isComplete: true };
  const given = {
    endpoint: serviceEndpoint(host.settings, service),
    serviceSecret: service.secret,
  };
  const isThere = await serviceCheck(host, app, service);
  if (!isThere.exists && when === 'before' && app.release !== undefined) {
    return { ...given, isComplete: false };
  }
  if (!isThere.exists) throw isThere.error;
  if (app.database === undefined) return { ...given, isComplete: true };
  const databaseUrl = await databaseUrlOf(host, document, app, all);
  return { ...given, databaseUrl, isComplete: true };
}

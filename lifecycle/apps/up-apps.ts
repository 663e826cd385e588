import { changeOf } from '../../apps/candidate.js';
import type { AppsDocument } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import type { PlannedChange } from '../../clients/terraform/events.js';
import type { ClusterRun } from '../cluster-run.js';
import { deployEach } from './deploy-apps.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import type { AppOutcome } from './outcome.js';
import { readCandidate } from './read-candidate.js';
import { removed, removeFrom } from './remove-apps.js';

/**
 * The applications of `up`: deploys those that are missing or have changed, repairs those that are not whole, and
 * removes those that clusters.yml no longer names. Runs under the cluster's lock.
 *
 * @param mayHave see `mayHaveApps`
 * @throws KitError with the problems of all that failed; the cluster itself is up then
 */
export async function upApps(run: ClusterRun, mayHave: boolean): Promise<AppOutcome[]> {
  const { apps = [] } = run.settings;
  if (apps.length === 0 && !mayHave) return [];
  return withApps(run, async (host) => {
    const found = await requireDocument(host);
    const surplus = await surplusOf(found, host);
    const document = surplus.length > 0 ? await removeFrom(host, found, surplus) : found;
    if (apps.length === 0) return surplus.map(removed);
    const { outcomes } = await deployEach(host, document, apps, {
      isAsked: (change) => ['create', 'update', 'restore'].includes(change),
      // Nobody can deploy a service before its cluster is up.
      mayWait: true,
    });
    return [...outcomes, ...surplus.map(removed)];
  });
}

/**
 * What {@link upApps} would do. Changes nothing.
 * @param isMade the cluster's server exists
 */
export async function planApps(
  run: ClusterRun,
  { isMade, mayHave }: { readonly isMade: boolean; readonly mayHave: boolean },
): Promise<PlannedChange[]> {
  const { apps = [] } = run.settings;
  if (!isMade) return apps.map(({ name }) => change(name, 'create'));
  if (apps.length === 0 && !mayHave) return [];
  return withApps(run, async (host) => {
    const document = await requireDocument(host);
    const instances = await findInstances(host.engine, host.marks.cluster);
    const changes: PlannedChange[] = [];
    for (const app of apps) {
      const read = await readCandidate(app, run.context, host.engine);
      const action = ACTIONS[changeOf(document, read, instances)];
      if (action !== undefined) changes.push(change(app.name, action));
    }
    const surplus = await surplusOf(document, host);
    return [...changes, ...surplus.map((name) => change(name, 'delete'))];
  });
}

const change = (name: string, action: string): PlannedChange => ({
  address: `app.${name}`,
  action,
});

/** What `plan` calls the changes that `up` makes. */
const ACTIONS: Partial<Record<ReturnType<typeof changeOf>, string>> = {
  create: 'create',
  update: 'update',
  restore: 'repair',
};

/** Names of applications that are deployed, or have left containers, and that clusters.yml no longer has. */
async function surplusOf({ apps }: AppsDocument, { engine, marks, settings }: AppsHost) {
  const left = (await findInstances(engine, marks.cluster)).map(({ app }) => app);
  const isWanted = (name: string) => settings.apps?.some((app) => app.name === name);
  return [...new Set([...Object.keys(apps), ...left])].filter((name) => !isWanted(name));
}

import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import type { Instance } from '../instances/find-instances.js';
import { type AppsDocument, type DeployedApp, NO_APPS } from './document.js';
import { releaseOf } from './release-of.js';

/**
 * What is probably deployed, where the document that says it is damaged: of each application the newest release that
 * runs, with the routes that clusters.yml has now. So these go on until others take their place. Pure.
 *
 * @param now ISO 8601
 */
export function recovered(
  apps: readonly AppSettings[],
  instances: readonly Instance[],
  now: string,
): AppsDocument {
  const found = apps.flatMap((app): [string, DeployedApp][] => {
    const own = instances.filter((each) => each.app === app.name);
    const newest = newestOf(own.filter((each) => mayServe(app, each)));
    if (newest === 0) return [];
    const id = `r${newest}`;
    const names = own.filter(({ release }) => release === id).map(({ name }) => name);
    // No revision is like this one, so it counts as changed.
    const made = { id, revision: '', image: { id: '', reference: '' }, at: now };
    const release = releaseOf(app, { ...made, instances: names });
    return [[app.name, { current: release.id, next: newestOf(own) + 1, releases: [release] }]];
  });
  return { ...NO_APPS, apps: Object.fromEntries(found) };
}

/** Instances of a function are stopped while nobody calls it. */
const mayServe = ({ kind }: AppSettings, { state }: Instance) =>
  kind === 'function' || state === 'running' || state === 'restarting';

const newestOf = (instances: readonly Instance[]): number =>
  Math.max(0, ...instances.map(({ release }) => Number(release.slice(1)) || 0));

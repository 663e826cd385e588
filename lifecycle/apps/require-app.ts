import type { AppsDocument, DeployedApp, Release } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { usageError } from '../../lib/errors.js';
import { unknownName } from '../../lib/unknown-name.js';

/** A deployed application. @throws KitError `app-unknown` (exit 2) */
export function requireApp(
  { apps }: AppsDocument,
  name: string,
  { marks: { cluster }, settings }: Pick<AppsHost, 'marks' | 'settings'>,
): DeployedApp {
  const found = Object.hasOwn(apps, name) ? apps[name] : undefined;
  if (found !== undefined) return found;
  const isWanted = settings.apps?.some((app) => app.name === name);
  throw usageError('app-unknown', {
    path: `clusters.${cluster}.apps.${name}`,
    message: isWanted ? 'is not deployed yet' : `there is no application '${name}'`,
    hint: isWanted
      ? `Run \`clusterkit app deploy ${cluster} ${name}\`.`
      : unknownName(name, Object.keys(apps), 'No application is deployed.'),
  });
}

/** A release of an application. @throws KitError `release-unknown` (exit 2) */
export function requireRelease({ releases }: DeployedApp, id: string): Release {
  const found = releases.find((release) => release.id === id);
  if (found !== undefined) return found;
  throw usageError('release-unknown', {
    path: id,
    message: `there is no release '${id}' any more`,
    hint: `There are: ${releases.map((release) => release.id).join(', ')}.`,
  });
}

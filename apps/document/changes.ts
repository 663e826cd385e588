import type { AppsDocument, DeployedApp, Release } from './document.js';

/** Releases before the current one that stay for a rollback. */
const KEPT = 5;

/** Id of the next release of an application. */
export const nextRelease = (document: AppsDocument, name: string): string =>
  `r${document.apps[name]?.next ?? 1}`;

/** A new release serves, and what a rollback left may be deployed again. */
export function withRelease(document: AppsDocument, name: string, release: Release): AppsDocument {
  const before = document.apps[name];
  const releases = [...(before?.releases ?? []), release];
  const next = Number(release.id.slice(1)) + 1;
  return withApp(document, name, { current: release.id, next, releases: pruned(releases) });
}

/** A release from before serves again; the revision that it replaces is held back. */
export function rolledBack(document: AppsDocument, name: string, id: string): AppsDocument {
  const app = document.apps[name];
  if (app === undefined) throw new Error(`there is no application '${name}'`);
  const replaced = app.releases.find((each) => each.id === app.current);
  return withApp(document, name, {
    ...app,
    current: id,
    ...(replaced && { held: replaced.revision }),
  });
}

/** The instances of a release have changed. */
export function withInstances(
  document: AppsDocument,
  name: string,
  id: string,
  instances: readonly string[],
): AppsDocument {
  const app = document.apps[name];
  if (app === undefined) throw new Error(`there is no application '${name}'`);
  const releases = app.releases.map((each) =>
    each.id === id ? { ...each, instances: [...instances] } : each,
  );
  return withApp(document, name, { ...app, releases });
}

/** An application is gone. */
export function withoutApp({ apps, ...rest }: AppsDocument, name: string): AppsDocument {
  const { [name]: _, ...others } = apps;
  return { ...rest, apps: others };
}

/** The release to go back to: the one that was deployed before the current one. */
export function releaseBefore({ releases, current }: DeployedApp): Release | undefined {
  const at = releases.findIndex(({ id }) => id === current);
  return at > 0 ? releases[at - 1] : undefined;
}

const withApp = (document: AppsDocument, name: string, app: DeployedApp): AppsDocument => ({
  ...document,
  apps: { ...document.apps, [name]: app },
});

const pruned = (releases: readonly Release[]) => releases.slice(-(KEPT + 1));

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

/**
 * Another release serves again, and what was deployed last is held back: `up` would deploy just that. Of several
 * rollbacks in a row the first one counts; when that serves again nothing is held.
 */
export function rolledBack(document: AppsDocument, name: string, id: string): AppsDocument {
  const { held: before, ...app } = appOf(document, name);
  const revisionIn = (release: string) =>
    app.releases.find((each) => each.id === release)?.revision;
  const held = before ?? revisionIn(app.current);
  const isHeld = held !== undefined && held !== revisionIn(id);
  return withApp(document, name, { ...app, current: id, ...(isHeld && { held }) });
}

/** New containers of the current release take the place of it: nobody needs to go back to the old ones. */
export function restarted(document: AppsDocument, name: string, release: Release): AppsDocument {
  const app = appOf(document, name);
  const releases = app.releases.map((each) => (each.id === app.current ? release : each));
  const next = Number(release.id.slice(1)) + 1;
  return withApp(document, name, { ...app, current: release.id, next, releases });
}

/** The instances of a release have changed. */
export function withInstances(
  document: AppsDocument,
  name: string,
  id: string,
  instances: readonly string[],
): AppsDocument {
  const app = appOf(document, name);
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

function appOf(document: AppsDocument, name: string): DeployedApp {
  const app = document.apps[name];
  if (app === undefined) throw new Error(`there is no application '${name}'`);
  return app;
}

const withApp = (document: AppsDocument, name: string, app: DeployedApp): AppsDocument => ({
  ...document,
  apps: { ...document.apps, [name]: app },
});

const pruned = (releases: readonly Release[]) => releases.slice(-(KEPT + 1));

import { type AppsDocument, currentRelease, type Release } from './document.js';

/** An application that receives requests, with the release that serves. */
export interface Routed {
  readonly app: string;
  readonly release: Release & { readonly port: number };
}

/** The applications that receive requests, by name. */
export const routed = (document: AppsDocument): Routed[] =>
  Object.keys(document.apps)
    .sort()
    .flatMap((app) => {
      const release = currentRelease(document, app);
      const port = release?.port;
      return release === undefined || port === undefined
        ? []
        : [{ app, release: { ...release, port } }];
    });

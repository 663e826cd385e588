import { type AppsDocument, currentRelease, type Release } from './document.js';

/** Ports and host names that lead to applications now, and did not before. */
export const newPlaces = (before: AppsDocument, after: AppsDocument) =>
  Object.keys(after.apps)
    .sort()
    .flatMap((app) => {
      const known = placesOf(currentRelease(before, app));
      const places = placesOf(currentRelease(after, app));
      return places.filter((place) => !known.includes(place)).map((place) => ({ app, place }));
    });

const placesOf = (release: Release | undefined): string[] => [
  ...(release?.published === undefined ? [] : [`port ${release.published}`]),
  ...(release?.domains ?? []).map((name) => `domain ${name}`),
];

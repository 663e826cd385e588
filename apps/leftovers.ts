import { imageRelease } from '../cluster/objects/app-image.js';
import { nextRelease } from './document/changes.js';
import type { AppsDocument } from './document/document.js';
import type { Instance } from './instances/find-instances.js';
import { isSession } from './instances/session-name.js';

/** What becomes of the containers of applications, once the current releases serve. */
export interface Cleanup {
  /** Containers of releases that a rollback may need: one of each release stays, stopped. */
  readonly stop: readonly string[];
  /** The other containers of these releases, and those that no release has. */
  readonly remove: readonly string[];
}

/** Pure: what to stop and to remove, so that exactly what the document says is there. */
export function cleanupOf(document: AppsDocument, instances: readonly Instance[]): Cleanup {
  const stop: string[] = [];
  const remove: string[] = [];
  for (const { name, app, release, state } of instances) {
    const deployed = document.apps[app];
    const found = deployed?.releases.find(({ id }) => id === release);
    if (found === undefined) remove.push(name);
    else if (release === deployed?.current) {
      const isUsed = state === 'running' && isSession(name);
      if (!found.instances.includes(name) && !isUsed) remove.push(name);
    } else if (found.instances[0] === name) stop.push(name);
    else remove.push(name);
  }
  return { stop, remove };
}

/**
 * Pure: the releases of an application whose images stay. A release that a restart made has the image of the one before.
 * The next one is among them: what a deployment built that failed need not be built again. None when it is not deployed.
 */
export function imagesToKeep(document: AppsDocument, app: string): string[] {
  const deployed = document.apps[app];
  if (deployed === undefined) return [];
  const used = deployed.releases.flatMap(({ id, image }) => [id, imageRelease(image.reference)]);
  return [...new Set([...used, nextRelease(document, app)])];
}

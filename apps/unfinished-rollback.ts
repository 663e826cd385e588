import type { DeployedApp, Release } from './document/document.js';
import type { Instance } from './instances/find-instances.js';

/**
 * The release that a rollback replaces, when that was interrupted after it had been decided: containers of a newer
 * release than the current one still run. Without this, the same command would go back a second time.
 */
export function unfinishedRollback(
  { held, current, releases }: DeployedApp,
  name: string,
  instances: readonly Instance[],
): Release | undefined {
  if (held === undefined) return undefined;
  const newer = releases.slice(releases.findIndex(({ id }) => id === current) + 1);
  const isRunning = ({ id }: Release) =>
    instances.some(
      ({ app, release, state }) => app === name && release === id && state === 'running',
    );
  return newer.find(isRunning);
}

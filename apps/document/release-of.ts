import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import type { Release } from './document.js';

/** A release of an application with these settings. */
export function releaseOf(
  app: AppSettings,
  made: Pick<Release, 'id' | 'revision' | 'image' | 'at' | 'instances'>,
): Release {
  const { kind, port, published, domains, health, timeoutMs, drainMs } = app;
  return {
    ...{ ...made, kind },
    ...(port !== undefined && { port }),
    ...(published !== undefined && { published }),
    ...(health !== undefined && { health }),
    ...{ domains: [...domains], timeoutMs, drainMs },
    ...(app.function && { function: app.function }),
  };
}

import type { AppSettings } from '../../cluster/settings/apps/settings.js';

/** Settings of an application with every default. */
export const someApp = (name: string, custom: Partial<AppSettings> = {}): AppSettings => ({
  ...{ name, kind: 'app', source: { kind: 'image', image: 'example/app:1' } },
  ...{ domains: [], env: {}, secrets: [], instances: 1, memoryMb: 256 },
  ...{ drainMs: 30_000, timeoutMs: 60_000 },
  ...custom,
});

import type { z } from 'zod';
import type { AppEntry } from './apps/schema.js';
import type { clusterDatabase, gateway, kind, limits, server } from './common-schema.js';
import type { Sources } from './settings.js';

/**
 * One entry of `clusters.yml` as its target's schema parsed it. Keys that only some targets have are
 * optional: they are never set where the schema lacks them.
 */
export interface ClusterEntry {
  readonly target: string;
  readonly port?: number | undefined;
  readonly address?: string | undefined;
  readonly bind?: string | undefined;
  readonly kind?: z.infer<typeof kind>;
  readonly limits?: z.infer<typeof limits> | undefined;
  readonly gateway?: z.infer<typeof gateway>;
  readonly server: z.infer<typeof server>;
  readonly database: z.infer<typeof clusterDatabase>;
  readonly data?: Sources | undefined;
  readonly domain?: string | undefined;
  readonly acme?:
    | {
        readonly email?: string | undefined;
        readonly directory?: string | undefined;
        readonly caFile?: string | undefined;
      }
    | undefined;
  readonly tls?: 'pinned' | undefined;
  readonly apps?: Readonly<Record<string, AppEntry>> | undefined;
}

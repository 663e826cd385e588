import type { z } from 'zod';
import type { ClusterEntry } from '../cluster/settings/entry.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import type { Problem } from '../lib/errors.js';

/** The settings of clusters on one target: schema of `clusters.yml`, and defaults. */
export interface TargetSettings<S extends ClusterSettings = ClusterSettings> {
  /** Schema of the keys of an entry; `target` is the literal name of the target. */
  readonly shape: z.ZodRawShape & { readonly database: z.ZodUnion };
  /**
   * The target's own settings of a valid entry, added to those of every target.
   * @param entry as the schema parsed it
   */
  complete(entry: ClusterEntry, common: ClusterSettings): S;
  /** Problems of an entry on this target. @param path such as `clusters.local` */
  problems?(path: string, entry: ClusterEntry): Problem[];
}

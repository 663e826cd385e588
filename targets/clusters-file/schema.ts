import { z } from 'zod';
import { oneOf } from '../../cluster/settings/common-schema.js';
import type { ClusterEntry } from '../../cluster/settings/entry.js';
import { CLUSTER_NAME } from '../../cluster/settings/settings.js';
import type { TargetSettings } from '../target-settings.js';

/** The part of a target that `clusters.yml` needs. */
export interface FileTarget {
  readonly name: string;
  readonly settings: TargetSettings;
}

const namesOf = (targets: readonly FileTarget[]) => targets.map(({ name }) => name);

/** The entries of `clusters.yml`, by cluster name. */
export type Clusters = Readonly<Record<string, ClusterEntry>>;

/** Schema of `clusters.yml` with these targets. Unknown keys are errors. */
export function clustersFile(targets: readonly FileTarget[]) {
  const shapes = targets.map(({ settings }) => z.strictObject(settings.shape));
  const cluster = z.discriminatedUnion(
    'target',
    shapes as unknown as [z.core.$ZodTypeDiscriminable],
    `should be one of ${namesOf(targets).join(', ')}`,
  );
  return z.strictObject({
    clusters: z.record(
      z
        .string()
        .regex(
          CLUSTER_NAME,
          'should be a name of at most 40 lower-case letters, digits and dashes',
        ),
      cluster,
    ),
  });
}

/** Schema of an entry with an unknown target: checks its other keys. */
export const clusterOfAnyTarget = (targets: readonly FileTarget[]) =>
  z.strictObject({
    ...Object.assign({}, ...targets.map(({ settings }) => settings.shape).reverse()),
    target: oneOf(namesOf(targets)),
  });

/** The keys that a target has, for a cluster or for its database. */
export function keysOf({ settings }: FileTarget, part?: string): readonly string[] {
  if (part === undefined) return Object.keys(settings.shape);
  if (part !== 'database') return [];
  return settings.shape.database.options.flatMap((option) =>
    option instanceof z.ZodObject ? Object.keys(option.shape) : [],
  );
}

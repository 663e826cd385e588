import { usageError } from '../../lib/errors.js';
import { type DataLayout, LAYOUT_NAMES } from '../data-layout.js';
import type { ClusterObject } from './cluster-objects.js';

/**
 * Data that is there can be read by what is about to run. Data of unknown origin is let pass.
 * @throws KitError `data-unfit` (exit 2)
 */
export function assertDataFits(
  cluster: string,
  layout: DataLayout,
  objects: readonly ClusterObject[],
): void {
  assertLayoutFits(cluster, layout, objects.find(({ role }) => role === 'data')?.layout);
}

/** As {@link assertDataFits}, where it is known what the data is of. */
export function assertLayoutFits(
  cluster: string,
  layout: DataLayout,
  found: string | undefined,
): void {
  if (found === undefined || found === layout) return;
  const name = found in LAYOUT_NAMES ? LAYOUT_NAMES[found as DataLayout] : found;
  throw usageError('data-unfit', {
    path: `clusters.${cluster}`,
    message: `the cluster's data is of ${name}; what is written now needs ${LAYOUT_NAMES[layout]}`,
    hint: `Write it under a new name, deploy the services there and move their data; or drop this data: clusterkit down ${cluster}.`,
  });
}

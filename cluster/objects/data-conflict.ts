import { usageError } from '../../lib/errors.js';
import { type DataLayout, LAYOUT_NAMES } from '../data-layout.js';
import type { ClusterObject } from './cluster-objects.js';

/**
 * Asserts that the new version can read existing data. Data of unknown layout passes.
 * @throws KitError `data-unfit` (exit 2)
 */
export function assertDataFits(
  cluster: string,
  layout: DataLayout,
  objects: readonly ClusterObject[],
): void {
  assertLayoutFits(cluster, layout, objects.find(({ role }) => role === 'data')?.layout);
}

/** As {@link assertDataFits}, when the layout of the data is known. */
export function assertLayoutFits(
  cluster: string,
  layout: DataLayout,
  found: string | undefined,
): void {
  if (found === undefined || found === layout) return;
  const name = found in LAYOUT_NAMES ? LAYOUT_NAMES[found as DataLayout] : found;
  throw usageError('data-unfit', {
    path: `clusters.${cluster}`,
    message: `the cluster's data is of ${name}; the settings now need ${LAYOUT_NAMES[layout]}`,
    hint: `Define a cluster with a new name, deploy the services there and move their data; or drop this data: clusterkit down ${cluster}.`,
  });
}

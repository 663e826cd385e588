import { connectEngine } from '../clients/docker/connect.js';
import { removeAppImages } from '../cluster/objects/remove-apps.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import type { ClusterContext } from '../targets/context.js';

/**
 * Removes the images that this machine's engine built for the applications of a cluster elsewhere. They are of no use
 * without it, but of no harm either: an engine that is away is no reason to fail.
 *
 * @param settings missing when the file no longer has the cluster
 * @returns the references that are gone
 */
export async function removeBuilds(
  settings: Pick<ClusterSettings, 'apps'> | undefined,
  context: Pick<ClusterContext, 'runsHere' | 'owner' | 'engineAddress' | 'env'>,
): Promise<readonly string[]> {
  const mayHaveBuilt = settings === undefined || (settings.apps ?? []).length > 0;
  if (context.runsHere || !mayHaveBuilt) return [];
  try {
    const engine = await connectEngine(await context.engineAddress(), context.env);
    return await removeAppImages(engine, await context.owner());
  } catch {
    return [];
  }
}

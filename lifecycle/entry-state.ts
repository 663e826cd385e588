import type { PlannedChange } from '../clients/terraform/events.js';
import { readClusterSecrets } from '../cluster/keys/key-store.js';
import { isOurs } from '../registry/file/ownership.js';
import { readRegistry } from '../registry/file/read-registry.js';
import { entryOwnerOf } from '../targets/common/owner.js';
import type { ClusterContext } from '../targets/context.js';

/** The registry's entry, compared to what the cluster would write; `foreign`: it is somebody else's. */
export type EntryState = 'absent' | 'current' | 'differs' | 'foreign';

/** The outcome for an entry, by its state before. */
export const ENTRY_OUTCOME = {
  absent: 'added',
  differs: 'changed',
  current: 'unchanged',
  // The preflight refuses it; here somebody has taken the name since, and the registration refuses it.
  foreign: 'unchanged',
} as const;

/**
 * Compares the registry's entry to what the cluster would write.
 * @param former an address that versions before wrote, and which still leads to the cluster
 */
export async function entryStateOf(
  {
    cluster,
    registry: path,
    keyDirectory,
    secrets,
    owner,
  }: Pick<ClusterContext, 'cluster' | 'registry' | 'keyDirectory' | 'secrets' | 'owner'>,
  endpoint: string | null,
  former?: string,
): Promise<EntryState> {
  const known = await secrets();
  const registry = await readRegistry(path);
  const entry = registry.entries.find(({ name }) => name === cluster);
  if (entry === undefined) return 'absent';
  const claim = {
    secrets: await readClusterSecrets(keyDirectory),
    owner: entryOwnerOf(await owner()),
  };
  if (!isOurs(entry, claim, registry)) return 'foreign';
  const isSame =
    (entry.host === endpoint || entry.host === former) &&
    entry.clusterSecret?.reveal().trim() === known?.clusterSecret.reveal().trim();
  return isSame ? 'current' : 'differs';
}

/** The planned change of the registry entry, listed after Terraform's changes. */
export const entryChange = (entry: EntryState): PlannedChange[] =>
  entry === 'current'
    ? []
    : [{ address: 'registry entry', action: entry === 'absent' ? 'create' : 'update' }];

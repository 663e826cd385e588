import type { PlannedChange } from '../clients/terraform/events.js';
import { readRegistry } from '../registry/file/read-registry.js';
import type { ClusterContext } from '../targets/context.js';

/** The registry's entry, compared to what the cluster would write. */
export type EntryState = 'absent' | 'current' | 'differs';

/** The outcome for an entry, by its state before. */
export const ENTRY_OUTCOME = { absent: 'added', differs: 'changed', current: 'unchanged' } as const;

/** Compares the registry's entry to what the cluster would write. */
export async function entryStateOf(
  { cluster, registry, secrets }: Pick<ClusterContext, 'cluster' | 'registry' | 'secrets'>,
  endpoint: string | null,
): Promise<EntryState> {
  const known = await secrets();
  const { entries } = await readRegistry(registry);
  const entry = entries.find(({ name }) => name === cluster);
  if (entry === undefined) return 'absent';
  const isSame =
    entry.host === endpoint &&
    entry.clusterSecret?.reveal().trim() === known?.clusterSecret.reveal().trim();
  return isSame ? 'current' : 'differs';
}

/** The planned change of the registry entry, listed after Terraform's changes. */
export const entryChange = (entry: EntryState): PlannedChange[] =>
  entry === 'current'
    ? []
    : [{ address: 'registry entry', action: entry === 'absent' ? 'create' : 'update' }];

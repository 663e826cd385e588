import { readClusterSecrets } from '../../cluster/keys/key-store.js';
import { type RemoveOutcome, removeEntry } from '../../registry/file/change-entries.js';
import type { Facts } from './stages/facts.js';

/** Removes the registry entry, before anything else of the cluster. */
export async function release(
  input: Pick<Facts, 'cluster' | 'keyDirectory' | 'registry'>,
): Promise<RemoveOutcome> {
  return removeEntry(input.registry, input.cluster, {
    onlyIfOurs: { secrets: await readClusterSecrets(input.keyDirectory) },
  });
}

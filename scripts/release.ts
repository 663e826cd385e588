import { readSecrets } from '../lib/keys/key-store.js';
import { type RemoveOutcome, removeEntry } from '../lib/registry/remove-entry.js';
import type { StageInput } from '../lib/stage-input.js';

/** The way back: the registry forgets the cluster, before anything of it is removed. */
export async function release(
  input: Omit<StageInput<'register'>, 'endpoint'>,
): Promise<RemoveOutcome> {
  const secrets = await readSecrets(input.keyDirectory);
  return removeEntry(input.registry, input.cluster, {
    onlyIfOurs: { secrets: secrets ? [secrets.keys.privateKey] : [] },
  });
}

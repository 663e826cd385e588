import type { Secret } from '../../lib/secret.js';
import { removeEntryText } from './edit-registry-text.js';
import { removeEntryCertificate } from './entry-certificate.js';
import { isOurs } from './ownership.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';

/** Result of {@link removeEntry}. `foreign`: an entry of that name is not ours, and stays. */
export type RemoveOutcome = 'removed' | 'absent' | 'foreign';

export interface RemoveEntryOptions extends ChangeOptions {
  /**
   * Keep a foreign entry: one that neither has one of these secrets nor is as the kit wrote it.
   * @default - remove the entry in any case
   */
  readonly onlyIfOurs?: { readonly secrets: readonly Secret[] };
}

/** Removes the entry `name` from the registry at `path`. A missing entry or file is no error. */
export async function removeEntry(
  path: string,
  name: string,
  options: RemoveEntryOptions = {},
): Promise<RemoveOutcome> {
  const outcome = await changeRegistry<RemoveOutcome>(path, options, ({ registry, parsed }) => {
    const entry = registry.entries.find((one) => one.name === name);
    const recorded = registry.owned.get(name);
    const shadow = new Map([...registry.owned].filter(([key]) => key !== name));
    const record = recorded ? { shadow } : {};
    if (entry && options.onlyIfOurs) {
      const ours = isOurs(entry, { ...options.onlyIfOurs, recorded });
      if (!ours) return { result: 'foreign', ...record };
    }
    if (!parsed.entries.has(name)) return { result: 'absent', ...record };
    return { result: 'removed', text: removeEntryText(parsed, name), ...record };
  });
  await removeEntryCertificate(path, name);
  return outcome;
}

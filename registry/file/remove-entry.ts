import type { Secret } from '../../lib/secret.js';
import { removeEntryText } from './edit-registry-text.js';
import { removeEntryCertificate } from './entry-certificate.js';
import { isOurs } from './ownership.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';

/** What {@link removeEntry} found: `foreign` is an entry of that name which is not ours, kept. */
export type RemoveOutcome = 'removed' | 'absent' | 'foreign';

export interface RemoveEntryOptions extends ChangeOptions {
  /**
   * Keep an entry that is not ours: neither with one of these secrets nor as the kit wrote it.
   * Absent: remove it whoever made it.
   */
  readonly onlyIfOurs?: { readonly secrets: readonly Secret[] };
}

/** Takes the entry `name` out of the registry at `path`. Gone already, or no file, is success. */
export async function removeEntry(
  path: string,
  name: string,
  options: RemoveEntryOptions = {},
): Promise<RemoveOutcome> {
  const outcome = await changeRegistry<RemoveOutcome>(path, options, ({ registry, parsed }) => {
    const entry = registry.entries.find((one) => one.name === name);
    const recorded = registry.owned.get(name);
    const shadow = new Map([...registry.owned].filter(([key]) => key !== name));
    const forget = recorded ? { shadow } : {};
    if (entry && options.onlyIfOurs) {
      const ours = isOurs(entry, { ...options.onlyIfOurs, recorded });
      if (!ours) return { result: 'foreign', ...forget };
    }
    if (!parsed.entries.has(name)) return { result: 'absent', ...forget };
    return { result: 'removed', text: removeEntryText(parsed, name), ...forget };
  });
  await removeEntryCertificate(path, name);
  return outcome;
}

import { renameEntryText } from './edit-registry-text.js';
import { renameEntryCertificate } from './entry-certificate.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';

/**
 * Renames the entry `from` to `to`; everything else of it stays.
 *
 * @throws KitError `no-such-entry` or `registry-conflict` (exit 2)
 */
export async function renameEntry(
  path: string,
  from: string,
  to: string,
  options: ChangeOptions = {},
): Promise<void> {
  await changeRegistry(path, options, ({ registry, parsed }) => {
    const text = renameEntryText(parsed, from, to);
    const record = registry.owned.get(from);
    if (record === undefined || from === to) return { result: undefined, text };
    const others = [...registry.owned].filter(([key]) => key !== from);
    return { result: undefined, text, shadow: new Map([...others, [to, record]]) };
  });
  await renameEntryCertificate(path, from, to);
}

import { readBackup } from './backups.js';
import { parseRegistry } from './parse-registry.js';
import { registryFiles } from './registry-files.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';

/** What {@link restoreBackup} did. */
export interface Restored {
  readonly id: string;
  /** Names that are there again, and names that are gone by it. */
  readonly back: readonly string[];
  readonly gone: readonly string[];
}

/**
 * Puts a former version of the registry in place; what was there becomes the newest backup.
 *
 * @param id as listed; the newest when absent
 * @throws KitError `no-such-backup`, `registry-malformed` (exit 2)
 */
export async function restoreBackup(
  path: string,
  id: string | undefined,
  options: ChangeOptions = {},
): Promise<Restored> {
  const { backups } = await registryFiles(path);
  const backup = await readBackup(backups, id);
  const restored = parseRegistry(backup.text, backup.path);
  // A file that cannot be parsed any more is what a backup is for.
  return changeRegistry(path, { ...options, evenMalformed: true }, ({ parsed, registry }) => {
    const before = [...parsed.entries.keys()];
    const after = [...restored.entries.keys()];
    const kept = [...registry.owned].filter(([name]) => restored.entries.has(name));
    return {
      result: {
        id: backup.id,
        back: after.filter((name) => !parsed.entries.has(name)),
        gone: before.filter((name) => !restored.entries.has(name)),
      },
      text: backup.text,
      ...(kept.length === registry.owned.size ? {} : { shadow: new Map(kept) }),
    };
  });
}

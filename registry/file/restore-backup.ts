import { rename } from 'node:fs/promises';
import { KitError } from '../../lib/errors.js';
import { readBackup } from './backups.js';
import { registryFileError } from './file-errors.js';
import { parseRegistry, tryParseRegistry } from './parse-registry.js';
import { registryFiles } from './registry-files.js';
import { type ChangeOptions, changeRegistry, type Present } from './registry-transaction.js';
import { restoreCertificates } from './restore-certificates.js';

/** What {@link restoreBackup} did. */
export interface Restored {
  readonly id: string;
  /** Names that are there again, and names that are gone by it. */
  readonly back: readonly string[];
  readonly gone: readonly string[];
  /** Where the former file went when it was no text at all, and so could not become a backup. */
  readonly setAside?: string;
}

export interface RestoreOptions extends ChangeOptions {
  /** Bring back a backup also when it cannot be parsed. @default false */
  readonly evenUnparsable?: boolean;
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
  options: RestoreOptions = {},
): Promise<Restored> {
  const { backups, file } = await registryFiles(path);
  const backup = await readBackup(backups, id);
  const parse = options.evenUnparsable ? tryParseRegistry : parseRegistry;
  const restored = parse(backup.text, backup.path);
  const hostsBefore = new Map<string, string>();
  const plan = ({ parsed, registry }: Present) => {
    for (const { name, host } of registry.entries) hostsBefore.set(name, host);
    const after = restored?.entries ?? parsed.entries;
    const kept = [...registry.owned].filter(([name]) => after.has(name));
    const isSame = restored === undefined || kept.length === registry.owned.size;
    return {
      result: {
        id: backup.id,
        back: [...after.keys()].filter((name) => !parsed.entries.has(name)),
        gone: [...parsed.entries.keys()].filter((name) => !after.has(name)),
      },
      text: backup.text,
      ...(isSame ? {} : { shadow: new Map(kept) }),
    };
  };
  // A file that cannot be parsed any more is what a backup is for.
  const change = async () => {
    const result = await changeRegistry(path, { ...options, evenMalformed: true }, plan);
    if (restored !== undefined) await restoreCertificates(path, backup, hostsBefore);
    return result;
  };
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof KitError) || error.code !== 'registry-malformed') throw error;
    // Not even text: every other writer refuses it, so nobody is at it.
    const setAside = `${file}.damaged-${backup.id}`;
    await rename(file, setAside).catch((cause: unknown) => {
      throw registryFileError(file, 'set aside', cause);
    });
    return { ...(await change()), setAside };
  }
}

import { rename } from 'node:fs/promises';
import { KitError } from '../../lib/errors.js';
import { type Backup, readBackup, readBackupCertificates } from './backups.js';
import {
  readEntryCertificate,
  removeEntryCertificate,
  writeEntryCertificate,
} from './entry-certificate.js';
import { registryFileError } from './file-errors.js';
import { parseRegistry, tryParseRegistry } from './parse-registry.js';
import { readRegistry } from './read-registry.js';
import { registryFiles } from './registry-files.js';
import { type ChangeOptions, changeRegistry, type Present } from './registry-transaction.js';

/** Result of {@link restoreBackup}. */
export interface Restored {
  readonly id: string;
  /** Names that were added and names that were removed. */
  readonly back: readonly string[];
  readonly gone: readonly string[];
  /** Path of the former file, when it was not text and therefore could not become a backup. */
  readonly setAside?: string;
}

export interface RestoreOptions extends ChangeOptions {
  /** Restore a backup even when it is malformed. @default false */
  readonly evenUnparsable?: boolean;
}

/**
 * Restores a backup of the registry; the present version becomes the newest backup.
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
  // The present file may be malformed: that is what backups are for.
  const change = async () => {
    const result = await changeRegistry(path, { ...options, evenMalformed: true }, plan);
    if (restored !== undefined) await restoreCertificates(path, backup, hostsBefore);
    return result;
  };
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof KitError) || error.code !== 'registry-malformed') throw error;
    // The file is not even text. Every other writer rejects it, so it can be moved without the lock.
    const setAside = `${file}.damaged-${backup.id}`;
    await rename(file, setAside).catch((cause: unknown) => {
      throw registryFileError(file, 'set aside', cause);
    });
    return { ...(await change()), setAside };
  }
}

/**
 * Restores the certificates of a backup, for entries that were added or got another host. An entry that
 * keeps its host keeps its present certificate, which is newer.
 *
 * @param before hosts of the entries before the restore, by name; empty when the file was malformed
 */
export async function restoreCertificates(
  path: string,
  backup: Backup,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const kept = await readBackupCertificates(backup);
  const { entries } = await readRegistry(path);
  for (const { name, host } of entries) {
    const oldHost = before.get(name);
    if (oldHost === host) continue;
    const pem = kept.get(name);
    const isKnown = oldHost === undefined && (await readEntryCertificate(path, name)) !== undefined;
    if (pem !== undefined && !isKnown) await writeEntryCertificate(path, name, pem);
    else if (oldHost !== undefined) await removeEntryCertificate(path, name);
  }
  const gone = [...before.keys()].filter((name) => entries.every((each) => each.name !== name));
  for (const name of gone) await removeEntryCertificate(path, name);
}

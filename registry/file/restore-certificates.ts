import { type Backup, readBackupCertificates } from './backups.js';
import {
  readEntryCertificate,
  removeEntryCertificate,
  writeEntryCertificate,
} from './entry-certificate.js';
import { readRegistry } from './read-registry.js';

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

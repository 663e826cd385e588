import { type Backup, readBackupCertificates } from './backups.js';
import {
  readEntryCertificate,
  removeEntryCertificate,
  writeEntryCertificate,
} from './entry-certificate.js';
import { readRegistry } from './read-registry.js';

/**
 * After a backup is back: entries that came back, or went back to another host, are trusted by what
 * they were then. One that stays where it is keeps what is known now, which is newer.
 *
 * @param before hosts of the entries that were there, by name; none where the file could not be read
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

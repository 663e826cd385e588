import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, usageError } from '../../lib/errors.js';
import { registryFileError, writeRegistryFile } from './file-errors.js';
import { tryParseRegistry } from './parse-registry.js';
import { registryFiles } from './registry-files.js';

/** Number of backups of a registry. */
export const BACKUPS_KEPT = 5;

/** A backup of the registry. */
export interface Backup {
  /** Time of the backup, with a counter to tell backups of one moment apart. Also its file name. */
  readonly id: string;
  readonly path: string;
}

/**
 * Saves `text` as the newest backup in `directory` (0700, files 0600), and removes the oldest ones.
 * @param certificates of its entries, by name
 */
export async function saveBackup(
  directory: string,
  text: string,
  now: Date,
  certificates: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const present = await listBackups(directory);
  const stamp = now.toISOString().replaceAll(':', '-');
  // The counter keeps the order of several writes within one millisecond.
  const next = present.filter(({ id }) => id.startsWith(stamp)).length;
  const path = join(directory, `${stamp}.${String(next).padStart(3, '0')}.yml`);
  if (certificates.size > 0) {
    const beside = `${JSON.stringify(Object.fromEntries(certificates))}\n`;
    await writeRegistryFile(besideOf(path), beside, { durable: false });
  }
  await writeRegistryFile(path, text, { durable: false });
  for (const { path: old } of (await listBackups(directory)).slice(BACKUPS_KEPT)) {
    await unlink(old).catch(() => undefined);
    await unlink(besideOf(old)).catch(() => undefined);
  }
}

/** Backups in `directory`, newest first; none when it does not exist. */
export async function listBackups(directory: string): Promise<Backup[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => /^\d{4}-.*\.yml$/.test(name))
      .sort()
      .reverse()
      .map((name) => ({ id: name.replace(/\.yml$/, ''), path: join(directory, name) }));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw registryFileError(directory, 'read', error);
  }
}

/** Certificates of a backup, by name; none when they cannot be read. */
export async function readBackupCertificates(backup: Backup): Promise<ReadonlyMap<string, string>> {
  try {
    const found: unknown = JSON.parse(await readFile(besideOf(backup.path), 'utf8'));
    const entries = Object.entries(found ?? {});
    return new Map(entries.filter((each): each is [string, string] => typeof each[1] === 'string'));
  } catch {
    return new Map();
  }
}

const besideOf = (path: string) => path.replace(/\.yml$/, '.certificates.json');

/**
 * The text of one backup.
 *
 * @param id of {@link listBackups}; the newest when absent
 * @throws KitError `no-such-backup` (exit 2), with a list of all backups
 */
export async function readBackup(
  directory: string,
  id?: string,
): Promise<Backup & { text: string }> {
  const backups = await listBackups(directory);
  const backup = id === undefined ? backups[0] : backups.find((one) => one.id === id);
  if (backup === undefined) {
    throw usageError('no-such-backup', {
      message: id === undefined ? 'There is no backup yet.' : `There is no backup '${id}'.`,
      hint: backups.length
        ? `Backups: ${backups.map((one) => one.id).join(', ')}`
        : 'clusterkit makes a backup with each change of the registry.',
    });
  }
  return { ...backup, text: await readFile(backup.path, 'utf8') };
}

/** A backup of the registry, without secrets. */
export interface BackupSummary extends Backup {
  /** Time of the backup, ISO 8601. */
  readonly time: string;
  readonly bytes: number;
  /** Names of its clusters; undefined when it is malformed. */
  readonly clusters: readonly string[] | undefined;
}

/** The backups of the registry at `path`, newest first. Changes nothing. */
export async function describeBackups(path: string): Promise<BackupSummary[]> {
  const { backups } = await registryFiles(path);
  const found = await Promise.all((await listBackups(backups)).map(describe));
  return found.flat();
}

/** Empty for a backup that another process has just removed. */
async function describe(backup: Backup): Promise<BackupSummary[]> {
  try {
    const [{ size: bytes }, text] = await Promise.all([
      stat(backup.path),
      readFile(backup.path, 'utf8'),
    ]);
    const entries = tryParseRegistry(text, backup.path)?.entries;
    return [
      { ...backup, time: timeOf(backup.id), bytes, clusters: entries && [...entries.keys()] },
    ];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Converts an id such as `2026-11-22T02-10-34.123Z.000` to a time. */
const timeOf = (id: string): string =>
  id.replace(/^(\d{4}-\d{2}-\d{2}T\d{2})-(\d{2})-(\d{2}\.\d{3}Z).*$/, '$1:$2:$3');

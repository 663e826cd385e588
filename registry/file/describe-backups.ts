import { readFile, stat } from 'node:fs/promises';
import { hasCode } from '../../lib/errors.js';
import { type Backup, listBackups } from './backups.js';
import { tryParseRegistry } from './parse-registry.js';
import { registryFiles } from './registry-files.js';

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

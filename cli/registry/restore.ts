import { EXIT } from '../../lib/errors.js';
import { printableLine } from '../../lib/printable.js';
import { changedBy } from '../../registry/add-entry.js';
import { type BackupSummary, describeBackups } from '../../registry/file/backups.js';
import { type Restored, restoreBackup } from '../../registry/file/restore-backup.js';
import type { Context, SharedOptions } from '../context.js';
import { textTable } from '../text-table.js';
import { registryInputs } from './inputs.js';

/** `clusterkit cluster restore [--list] [BACKUP]`: restores a backup, by default the newest. */
export async function restore(
  context: Context,
  options: SharedOptions & { list?: boolean; force?: boolean },
  id: string | undefined,
): Promise<number> {
  const inputs = registryInputs(context, 'restore');
  const { report } = context;
  if (options.list) {
    const backups = await describeBackups(inputs.registry);
    report.json({ registry: inputs.registry, backups: backups.map(forJson) });
    report.say(
      backups.length === 0
        ? 'There is no backup yet. clusterkit makes one with each change.'
        : textTable([HEAD, ...backups.map(row)]),
    );
    return EXIT.done;
  }
  const restored = await restoreBackup(inputs.registry, id, {
    ...changedBy(inputs),
    evenUnparsable: options.force === true,
  });
  report.json({ registry: inputs.registry, ...restored });
  report.say(inWords(restored));
  return EXIT.done;
}

const HEAD = ['backup', 'time', 'bytes', 'clusters'];

const forJson = ({ id, time, bytes, clusters }: BackupSummary) => ({
  id,
  time,
  bytes,
  clusters: clusters ?? null,
});

const row = ({ id, time, bytes, clusters }: BackupSummary): string[] => [
  id,
  time,
  String(bytes),
  clusters === undefined ? '(cannot be parsed)' : listed(clusters),
];

function inWords({ id, back, gone, setAside }: Restored): string {
  const lines = [
    `Backup ${id} is restored. The former registry is now the newest backup.`,
    ...(back.length > 0 ? [`Restored: ${listed(back)}`] : []),
    ...(gone.length > 0 ? [`Removed: ${listed(gone)}`] : []),
    ...(setAside ? [`The former file is not text; it is kept as ${setAside}`] : []),
  ];
  return lines.join('\n');
}

const listed = (names: readonly string[]): string => names.map(printableLine).join(', ') || '-';

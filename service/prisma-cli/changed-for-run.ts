import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '../../lib/errors.js';
import { withFileLock } from '../../lib/file-lock.js';
import { restoreLine, setClusterLine, setForRun } from '../prisma-yml/cluster-line.js';
import { rememberCluster } from '../prisma-yml/remembered-cluster.js';
import { readText, replaceText } from '../prisma-yml/replace-file.js';

/**
 * What a deployment changes in prisma.yml. `write`: adds the line `cluster:`; `remember`: adds the comment
 * `# cluster:`; `for-run`: changes the line while the CLI runs; `hold`: keeps the line and keeps other
 * runs from changing it.
 */
export interface FileChange {
  readonly kind: 'none' | 'hold' | 'write' | 'remember' | 'for-run';
  readonly cluster: string;
}

/**
 * Runs `work` with a changed prisma.yml. A change for the run is always reverted; other changes are
 * reverted when `work` fails, or `keep` rejects its result.
 */
export async function withChangedFile<T>(
  file: string,
  change: FileChange,
  work: () => Promise<T>,
  keep: (result: T) => boolean,
): Promise<T> {
  if (change.kind === 'none') return work();
  if (change.kind === 'hold') return locked(file, work);
  if (change.kind === 'for-run') {
    return locked(file, async () => {
      await replaceText(file, setForRun(await readText(file), change.cluster));
      try {
        return await work();
      } finally {
        await restoreIfMarked(file);
      }
    });
  }
  const before = await readText(file);
  const edit = change.kind === 'write' ? setClusterLine : rememberCluster;
  const after = edit(before, change.cluster);
  if (after !== before) await replaceText(file, after);
  const undo = async () => {
    if (after !== before && (await readText(file)) === after) await replaceText(file, before);
  };
  try {
    const result = await work();
    if (!keep(result)) await undo();
    return result;
  } catch (error) {
    await undo();
    throw error;
  }
}

/** Restores the line that a killed run left changed. @returns whether there was one */
export async function restoreLeftover(file: string): Promise<boolean> {
  if (restoreLine(await readText(file)) === undefined) return false;
  return locked(file, () => restoreIfMarked(file));
}

async function restoreIfMarked(file: string): Promise<boolean> {
  const text = restoreLine(await readText(file));
  if (text !== undefined) await replaceText(file, text);
  return text !== undefined;
}

/** Only one run at a time may use or change the line. The lock ends with its process. */
async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const id = createHash('sha256')
    .update(await realpath(file))
    .digest('hex')
    .slice(0, 16);
  const owner = { pid: process.pid, host: hostname(), command: 'clusterkit deploy' };
  const request = {
    owner,
    subject: `${file}, which is being deployed,`,
    lockedCode: 'deploy-running',
    fileError: (path: string, doing: string, cause: unknown) =>
      environmentError('lock-failed', { path, message: `cannot ${doing} it: ${cause}`, cause }),
    waitMs: 60_000,
    now: () => new Date(),
  };
  const uid = process.getuid?.() ?? 0;
  return withFileLock(join(tmpdir(), `clusterkit-${uid}-${id}.lock`), request, work);
}

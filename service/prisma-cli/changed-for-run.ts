import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '../../lib/errors.js';
import { withFileLock } from '../../lib/file-lock.js';
import { putBack, setClusterLine, setForRun } from '../prisma-yml/cluster-line.js';
import { rememberCluster } from '../prisma-yml/remembered-cluster.js';
import { readText, replaceText } from '../prisma-yml/replace-file.js';

/**
 * What a deployment does to prisma.yml. `write`: the line `cluster:` is there from now on;
 * `remember`: the comment `# cluster:` is; `for-run`: the line is another one while the CLI runs;
 * `hold`: the line stays as it is, also for other runs meanwhile.
 */
export interface FileChange {
  readonly kind: 'none' | 'hold' | 'write' | 'remember' | 'for-run';
  readonly cluster: string;
}

/**
 * Runs `work` while prisma.yml is changed. A change for the run is put back whatever happens; the
 * other ones are taken back when `keep` says so of the result, and when `work` fails.
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
        await putBackIfMarked(file);
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

/** Puts back the line that a run left changed because it was killed. Tells whether there was one. */
export async function putBackLeftOver(file: string): Promise<boolean> {
  if (putBack(await readText(file)) === undefined) return false;
  return locked(file, () => putBackIfMarked(file));
}

async function putBackIfMarked(file: string): Promise<boolean> {
  const text = putBack(await readText(file));
  if (text !== undefined) await replaceText(file, text);
  return text !== undefined;
}

/** One run at a time may rely on the line, or have it changed; the lock goes with its process, however that ends. */
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
      environmentError('lock-failed', { path, message: `cannot ${doing} it: ${cause}` }, cause),
    waitMs: 60_000,
    now: () => new Date(),
  };
  const uid = process.getuid?.() ?? 0;
  return withFileLock(join(tmpdir(), `clusterkit-${uid}-${id}.lock`), request, work);
}

import { hostname } from 'node:os';
import { join } from 'node:path';
import { diskFull, isDiskFull } from '../lib/disk-full.js';
import { environmentError } from '../lib/errors.js';
import { type CurrentOwner, ownerText, withFileLock } from '../lib/file-lock.js';
import type { CommandContext } from './context.js';
import { makeStateDir } from './make-state-dir.js';

/**
 * Runs `work` while no other `up`, `down` or `plan` of this cluster runs: they share a directory.
 *
 * @throws KitError `cluster-busy` (exit 3) naming the owner after 120 s
 */
export async function withClusterLock<T>(
  context: CommandContext,
  work: () => Promise<T>,
): Promise<T> {
  const { project, cluster, command, signal, progress } = context;
  const directory = await makeStateDir(project.stateDir).catch((error: unknown) => {
    throw stateDirError(project.stateDir, 'create', error);
  });
  const request = {
    owner: { pid: process.pid, host: hostname(), command },
    waitMs: 120_000,
    signal,
    onWait: (owner: CurrentOwner | undefined) =>
      progress.warn(
        `cluster ${cluster} is in use by ${ownerText(owner)}: waiting for it, 120 s at most`,
      ),
    now: () => new Date(),
    subject: `Cluster ${cluster}`,
    lockedCode: 'cluster-busy',
    fileError: stateDirError,
  };
  return withFileLock(join(directory, `${cluster}.lock`), request, async () => {
    // The caller may have given up while this waited.
    signal.throwIfAborted();
    return work();
  });
}

const stateDirError = (path: string, doing: string, error: unknown) =>
  isDiskFull(error)
    ? diskFull(path, error)
    : environmentError('state-unusable', {
        path,
        message: `cannot ${doing} it: ${error instanceof Error ? error.message : error}`,
        hint: 'The directory of clusters.yml must be writable, on a disk with free space.',
        cause: error,
      });

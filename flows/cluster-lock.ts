import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '../lib/errors.js';
import { withFileLock } from '../lib/file-lock.js';
import type { ClusterWorld } from './cluster-world.js';

/**
 * Runs `work` while no other `up` or `down` of this cluster runs.
 *
 * @throws KitError `cluster-busy` (exit 3) naming the owner after 120 s
 */
export async function withClusterLock<T>(world: ClusterWorld, work: () => Promise<T>): Promise<T> {
  const { project, cluster, command } = world;
  const directory = join(project.stateDir, 'state');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const request = {
    owner: { pid: process.pid, host: hostname(), command },
    waitMs: 120_000,
    now: () => new Date(),
    subject: `Cluster ${cluster}`,
    lockedCode: 'cluster-busy',
    fileError: stateDirError,
  };
  return withFileLock(join(directory, `${cluster}.lock`), request, work);
}

const stateDirError = (path: string, doing: string, error: unknown) =>
  environmentError(
    'state-unusable',
    {
      path,
      message: `cannot ${doing} it: ${error instanceof Error ? error.message : error}`,
      hint: 'The directory of clusters.yml must be writable, on a disk with free space.',
    },
    error,
  );

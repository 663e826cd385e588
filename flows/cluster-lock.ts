import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../lib/registry/registry-lock.js';
import type { ClusterWorld } from './cluster-world.js';

/**
 * Runs `work` while no other `up` or `down` of this cluster runs. Terraform inherits the lock, so
 * that it holds until Terraform has ended, even when the kit itself is killed.
 */
export async function withClusterLock<T>(
  world: ClusterWorld,
  work: (lock: number) => Promise<T>,
): Promise<T> {
  const directory = join(world.project.stateDir, 'state');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const owner = { pid: process.pid, host: hostname(), command: world.command };
  const path = join(directory, `${world.cluster}.lock`);
  return withLock(path, { owner, waitMs: 120_000, now: () => new Date() }, () => work(-1));
}

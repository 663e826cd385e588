import { hostname } from 'node:os';
import { type LockOwner, ownerText, withFileLock } from '../../lib/file-lock.js';
import { registryFileError } from './file-errors.js';

/** How to lock the registry. */
export interface LockOptions {
  /** Owner of the lock, for the messages of other processes. @default this process, as `clusterkit` */
  readonly owner?: Partial<LockOwner>;
  /** @default the clock */
  readonly now?: () => Date;
  /** How long to wait for the lock. @default 30 000 */
  readonly waitMs?: number;
  /** Ends the wait, not the work. */
  readonly signal?: AbortSignal | undefined;
  /** Receives a sentence that names the owner, when the wait takes longer. */
  readonly onWait?: ((text: string) => void) | undefined;
}

/**
 * Runs `work` while this process alone writes the registry.
 * @throws KitError `registry-locked` (exit 3) naming the owner when `waitMs` have passed
 */
export const withLock = <T>(path: string, options: LockOptions, work: () => Promise<T>) =>
  withFileLock(
    path,
    {
      ...{ now: () => new Date(), ...options },
      owner: { pid: process.pid, host: hostname(), command: 'clusterkit', ...options.owner },
      onWait: (owner) =>
        options.onWait?.(`the registry is in use by ${ownerText(owner)}: waiting for it`),
      ...{ subject: 'The registry', lockedCode: 'registry-locked', fileError: registryFileError },
    },
    work,
  );

export { lockState, readLockOwner } from '../../lib/file-lock.js';

import * as fileLock from '../../lib/file-lock.js';
import { registryFileError } from './file-errors.js';

export type { LockOwner } from '../../lib/file-lock.js';

/** How long to wait, and the owner of the lock. */
export type LockRequest = Pick<fileLock.LockRequest, 'owner' | 'waitMs' | 'now'>;

/**
 * Runs `work` while this process alone writes the registry.
 * @throws KitError `registry-locked` (exit 3) naming the owner when `waitMs` have passed
 */
export const withLock = <T>(path: string, request: LockRequest, work: () => Promise<T>) =>
  fileLock.withFileLock(
    path,
    {
      ...request,
      subject: 'The registry',
      lockedCode: 'registry-locked',
      fileError: registryFileError,
    },
    work,
  );

export { lockState, readLockOwner } from '../../lib/file-lock.js';

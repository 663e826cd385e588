import { environmentError, KitError } from '../../lib/errors.js';

interface Kind {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const DISK_FULL: Kind = {
  code: 'registry-disk-full',
  message: 'The disk or the quota is full; the registry is unchanged.',
  hint: 'Free some space and run the command again.',
};
const NOT_WRITABLE: Kind = {
  code: 'registry-not-permitted',
  message: 'Permission denied; the registry is unchanged.',
  hint: 'Check the owner and the mode of the file and its directory (0600 and 0700, yours).',
};
const READ_ONLY: Kind = {
  code: 'registry-read-only',
  message: 'The file system is read-only; the registry is unchanged.',
  hint: 'Mount it writable, or choose another file: --registry FILE.',
};
const UNUSABLE: Kind = {
  code: 'registry-path-unusable',
  message: 'This path cannot hold a registry file.',
  hint: 'Every part but the last must be a directory, the last a plain file; see --registry FILE.',
};

const KINDS: Readonly<Record<string, Kind>> = {
  ENOSPC: DISK_FULL,
  EDQUOT: DISK_FULL,
  EFBIG: DISK_FULL,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: READ_ONLY,
  ENOTDIR: UNUSABLE,
  EISDIR: UNUSABLE,
  ELOOP: UNUSABLE,
  ENAMETOOLONG: UNUSABLE,
  EEXIST: UNUSABLE,
};

/**
 * Converts a system error to a {@link KitError} (exit 3) with a hint.
 *
 * @param doing the failed operation, as a verb: `read`, `write`, `lock`
 */
export function registryFileError(path: string, doing: string, error: unknown): KitError {
  if (error instanceof KitError) return error;
  const system = error as NodeJS.ErrnoException;
  const kind = KINDS[system.code ?? ''];
  const reason = system.code ?? String(error);
  return environmentError(
    kind?.code ?? 'registry-io',
    {
      path: system.path ?? path,
      message: `Cannot ${doing} it (${reason}). ${kind?.message ?? 'The registry is unchanged.'}`,
      hint: kind?.hint ?? 'Check the disk and the directory, then run the command again.',
    },
    error,
  );
}

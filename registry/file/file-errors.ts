import { dirname } from 'node:path';
import { type AtomicWriteOptions, atomicWrite } from '../../lib/atomic-write.js';
import { environmentError, KitError } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';

type Kind = readonly [code: string, message: string, hint: string];

const DISK_FULL: Kind = [
  'registry-disk-full',
  'The disk or the quota is full; the registry is unchanged.',
  'Free some space and run the command again.',
];
const NOT_WRITABLE: Kind = [
  'registry-not-permitted',
  'Permission denied; the registry is unchanged.',
  'Check the owner and the mode of the file and its directory (0600 and 0700, yours).',
];
const READ_ONLY: Kind = [
  'registry-read-only',
  'The file system is read-only; the registry is unchanged.',
  'Mount it writable, or choose another file: --registry FILE.',
];
const UNUSABLE: Kind = [
  'registry-path-unusable',
  'This path cannot hold a registry file.',
  'Every part but the last must be a directory, the last a plain file; see --registry FILE.',
];
const OTHER: Kind = [
  'registry-io',
  'The registry is unchanged.',
  'Check the disk and the directory, then run the command again.',
];

function kindOf(code: string | undefined): Kind {
  if (/^(ENOSPC|EDQUOT|EFBIG)$/.test(`${code}`)) return DISK_FULL;
  if (/^(EACCES|EPERM)$/.test(`${code}`)) return NOT_WRITABLE;
  if (code === 'EROFS') return READ_ONLY;
  return /^(ENOTDIR|EISDIR|ELOOP|ENAMETOOLONG|EEXIST)$/.test(`${code}`) ? UNUSABLE : OTHER;
}

/**
 * Converts a system error to a {@link KitError} (exit 3) with a hint.
 *
 * @param doing the failed operation, as a verb: `read`, `write`, `lock`
 */
export function registryFileError(path: string, doing: string, error: unknown): KitError {
  if (error instanceof KitError) return error;
  const system = error as NodeJS.ErrnoException;
  const [code, what, hint] = kindOf(system.code);
  const message = `Cannot ${doing} it (${system.code ?? String(error)}). ${what}`;
  return environmentError(code, { path: system.path ?? path, message, hint, cause: error });
}

/**
 * Writes the registry, or a file beside it, in one step: mode 0600, a missing directory is made (0700).
 *
 * @throws KitError (exit 3): disk full, not permitted, read-only; `file` is untouched then
 */
export async function writeRegistryFile(
  file: string,
  text: string,
  options: Pick<AtomicWriteOptions, 'durable' | 'onStep'> = {},
): Promise<void> {
  try {
    await makeDirectory(dirname(file));
    await atomicWrite(file, text, { mode: 0o600, ...options });
  } catch (error) {
    throw registryFileError(file, 'write', error);
  }
}

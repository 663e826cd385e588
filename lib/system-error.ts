import { diskFull, isDiskFull } from './disk-full.js';
import { environmentError, KitError } from './errors.js';

/** What the machine refuses: rights, read-only or broken disks, links in a circle, limits of the process. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
  EIO: 'the disk fails',
  ELOOP: 'links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  EISDIR: 'is a directory, where a file is needed',
  ENOTDIR: 'is a file, where a directory is needed',
  EMFILE: 'too many files are open',
};

/** An error for the user: the kit's own, or one of a path that the system refuses. `undefined`: a defect of the kit. */
export function asKitError(error: unknown): KitError | undefined {
  if (error instanceof KitError) return error;
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (isDiskFull(error)) return diskFull(path, error);
  const why = REFUSALS[code];
  if (why === undefined || path === undefined) return undefined;
  return environmentError('file-unusable', {
    path,
    message: `${why} (${error.message})`,
    hint: 'Check owner, mode and mount of this path.',
    cause: error,
  });
}

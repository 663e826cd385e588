import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { environmentError, hasCode } from '../../lib/errors.js';
import { registryFileError } from './file-errors.js';

/** Every path that belongs to one registry file. */
export interface RegistryFiles {
  /** The file itself, symbolic links resolved; it may not exist yet. */
  readonly file: string;
  readonly directory: string;
  /** Exists only while a process writes. */
  readonly lock: string;
  /** The kit's own directory beside the file: the shadow copy and the backups. */
  readonly kitDirectory: string;
  readonly shadow: string;
  readonly backups: string;
  /** Certificates to trust the servers of entries by. */
  readonly certificates: string;
}

const MAX_LINKS = 40;

/**
 * All paths of the registry at `path`. Symbolic links are resolved first, so that two names of one file
 * share one lock and one shadow copy, and a write replaces the target instead of the link.
 */
export async function registryFiles(path: string): Promise<RegistryFiles> {
  const file = await followLinks(resolve(path));
  const directory = dirname(file);
  const name = basename(file);
  const kitDirectory = join(directory, `.${name}.clusterkit`);
  return {
    file,
    directory,
    lock: `${file}.lock`,
    kitDirectory,
    shadow: join(kitDirectory, 'entries.json'),
    backups: join(kitDirectory, 'backups'),
    certificates: join(kitDirectory, 'certificates'),
  };
}

/** `path` with symbolic links resolved, also when its last parts do not exist yet. */
async function followLinks(path: string, links = 0): Promise<string> {
  if (links > MAX_LINKS) {
    throw environmentError('registry-path-unusable', {
      path,
      message: 'The symbolic links of this path form a circle.',
      hint: 'Correct the link, or choose another file: --registry FILE.',
    });
  }
  try {
    if ((await lstat(path)).isSymbolicLink()) {
      const parent = await followLinks(dirname(path), links + 1);
      return await followLinks(resolve(parent, await readlink(path)), links + 1);
    }
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw registryFileError(path, 'inspect', error);
    const parent = dirname(path);
    return parent === path ? path : join(await followLinks(parent, links + 1), basename(path));
  }
}

import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { environmentError } from './errors.js';

/**
 * Requires that files can be created in `directory`, which need not exist yet: checks its nearest existing
 * ancestor.
 * @param what subject of the message: `The registry`
 * @throws KitError `not-writable` (exit 3)
 */
export async function requireWritable(directory: string, what: string): Promise<void> {
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(directory);
    if (code === 'ENOENT' && parent !== directory) return requireWritable(parent, what);
    throw environmentError('not-writable', {
      path: directory,
      message: `${what} cannot be written here (${code ?? error})`,
      hint: 'Check owner, mode, mount and free space of this path, or choose another one.',
      cause: error,
    });
  }
}

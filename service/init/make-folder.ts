import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { environmentError, hasCode, usageError } from '../../lib/errors.js';
import type { FolderFile } from './render-folder.js';

/** What a directory may hold already: a repository that was begun. */
const ALLOWED = ['.git'];
/** More names help nobody. */
const LISTED = 10;

/**
 * Is there a directory at `path`? One that holds something is refused.
 * @throws KitError `directory-not-empty` (exit 2), `directory-unusable` (exit 3)
 */
export async function requireEmpty(path: string): Promise<'absent' | 'empty'> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'absent';
    throw unusable(path, error);
  }
  const found = names.filter((name) => !ALLOWED.includes(name)).sort();
  if (found.length === 0) return 'empty';
  const more = found.length > LISTED ? ` and ${found.length - LISTED} more` : '';
  throw usageError('directory-not-empty', {
    path,
    message: `the directory is not empty: ${found.slice(0, LISTED).join(', ')}${more}`,
    hint: 'Name a directory that is empty or not there yet.',
  });
}

/**
 * Makes a directory with these files, all of them or none: they are written beside, and get their
 * place in one step. A directory that is there already stays, and gets the files one by one.
 *
 * @param umask of the caller: the kit's own is too strict for files that a team shares
 * @throws KitError `directory-not-empty` (exit 2), `directory-unusable` (exit 3)
 */
export async function makeFolder(
  path: string,
  files: readonly FolderFile[],
  umask: number,
): Promise<void> {
  const state = await requireEmpty(path);
  const suffix = randomBytes(4).toString('hex');
  const draft =
    state === 'absent'
      ? join(dirname(path), `.${basename(path)}.${suffix}`)
      : join(path, `.clusterkit-init.${suffix}`);
  try {
    if (state === 'absent') await makeParents(dirname(path), umask);
    await mkdir(draft);
    await chmod(draft, 0o777 & ~umask);
    for (const { path: name, text, isPrivate } of files) {
      await writeFile(join(draft, name), text, { flag: 'wx' });
      await chmod(join(draft, name), isPrivate ? 0o600 : 0o666 & ~umask);
    }
    if (state === 'absent') await rename(draft, path);
    else await moveInto(path, draft, files);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    // Somebody may have filled it in the meantime.
    if (hasCode(error, 'ENOTEMPTY')) await requireEmpty(path);
    throw unusable(path, error);
  }
}

async function makeParents(path: string, umask: number): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let each = path; each.startsWith(first); each = dirname(each)) {
    await chmod(each, 0o777 & ~umask);
  }
}

async function moveInto(path: string, draft: string, files: readonly FolderFile[]): Promise<void> {
  const moved: string[] = [];
  try {
    for (const { path: name } of files) {
      await rename(join(draft, name), join(path, name));
      moved.push(join(path, name));
    }
    await rm(draft, { recursive: true });
  } catch (error) {
    for (const each of moved) await rm(each, { force: true });
    throw error;
  }
}

function unusable(path: string, cause: unknown) {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === 'ENOTDIR' ? 'it is no directory' : `it cannot be made (${code ?? message})`;
  const hint = 'Name another directory, or mend its permissions.';
  return environmentError('directory-unusable', { path, message: why, hint }, cause);
}

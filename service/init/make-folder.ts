import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { environmentError, hasCode, usageError } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';
import type { FolderFile } from './render-folder.js';

/** Names that an empty directory may contain: a new git repository. */
const ALLOWED = ['.git'];
/** Names in a message; the rest is counted. */
const LISTED = 10;

/**
 * Is there an empty directory at `path`? Rejects one with files.
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
    hint: 'Choose a directory that is empty or does not exist yet.',
  });
}

/**
 * Creates a directory with these files, or nothing: the files are written to a draft first, which is then
 * renamed. An existing directory stays, and gets the files one by one.
 *
 * @param umask of the user: the kit's own is too strict for files that a team shares
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
    // Another process may have created files meanwhile.
    if (hasCode(error, 'ENOTEMPTY')) await requireEmpty(path);
    throw unusable(path, error);
  }
}

async function makeParents(path: string, umask: number): Promise<void> {
  const first = await makeDirectory(path);
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
  const why =
    code === 'ENOTDIR' ? 'it is not a directory' : `it cannot be created (${code ?? message})`;
  const hint = 'Choose another directory, or correct its permissions.';
  return environmentError('directory-unusable', { path, message: why, hint, cause });
}

import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, usageError } from '../../lib/errors.js';
import type { IgnoreRules } from './ignore-rules.js';

/** Something that a build receives. `path` is relative, with `/`. */
export type ContextEntry =
  | (Common & { readonly kind: 'file'; readonly size: number })
  | (Common & { readonly kind: 'directory' })
  | (Common & { readonly kind: 'link'; readonly target: string });

interface Common {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly modified: Date;
}

/**
 * Everything in a directory that the rules do not leave out, in the order of its path's bytes. Links stay links.
 * Sockets, pipes and devices are left out.
 *
 * @param isKept entries for which the rules do not count
 * @throws KitError (exit 2) `app-context-unreadable`
 */
export async function listFiles(
  root: string,
  rules: IgnoreRules,
  isKept: (path: string) => boolean,
): Promise<ContextEntry[]> {
  const found: ContextEntry[] = [];
  const enter = async (directory: string): Promise<void> => {
    const names = await readable(join(root, directory), () => readdir(join(root, directory)));
    for (const name of names) {
      const path = directory === '' ? name : `${directory}/${name}`;
      const isIgnored = rules.ignores(path) && !isKept(path);
      if (isIgnored && !rules.reachesInto(path)) continue;
      const entry = await readEntry(root, path);
      if (entry === undefined) continue;
      if (!isIgnored) found.push(entry);
      if (entry.kind === 'directory') await enter(path);
    }
  };
  await enter('');
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function readEntry(root: string, path: string): Promise<ContextEntry | undefined> {
  const file = join(root, path);
  const found = await readable(file, () => lstat(file));
  const common = { path, mode: found.mode & 0o7777, modified: found.mtime };
  if (found.isFile()) return { ...common, kind: 'file', size: found.size };
  if (found.isDirectory()) return { ...common, kind: 'directory' };
  if (!found.isSymbolicLink()) return undefined;
  return { ...common, kind: 'link', target: await readable(file, () => readlink(file)) };
}

/** Reads something of a build's directory. @throws KitError (exit 2) `app-context-unreadable` */
export async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** A file of a build's directory cannot be read, or changes while it is read. */
export const unreadable = (path: string, cause: unknown) =>
  usageError('app-context-unreadable', {
    path,
    message: `the build cannot read it: ${cause instanceof Error ? cause.message : cause}`,
    hint: 'Make it readable, or leave it out with a line in .dockerignore.',
    cause,
  });

/** Is it a directory? @throws KitError (exit 2) `app-context-missing` */
export async function requireDirectory(path: string): Promise<void> {
  const isThere = await stat(path).then(
    (found) => found.isDirectory(),
    (cause) => {
      if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return false;
      throw unreadable(path, cause);
    },
  );
  if (isThere) return;
  throw usageError('app-context-missing', {
    path,
    message: 'there is no such directory to build from',
    hint: 'Correct the path; it is relative to the directory of clusters.yml.',
  });
}

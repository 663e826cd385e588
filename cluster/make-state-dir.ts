import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../lib/errors.js';
import { makeDirectory } from '../lib/make-directory.js';

/** Keeps private keys and state one `git add .` away from a repository; it also ignores itself. */
const IGNORE_ALL = '# Keys and state of clusters: not for git.\n*\n';

/** Makes `.clusterkit` and its `state`, 0700, and tells git to ignore it. @returns the directory `state` */
export async function makeStateDir(stateDir: string): Promise<string> {
  const directory = join(stateDir, 'state');
  await makeDirectory(directory);
  const file = join(stateDir, '.gitignore');
  await writeFile(file, IGNORE_ALL, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  return directory;
}

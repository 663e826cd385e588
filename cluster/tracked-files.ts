import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TIMEOUT_MS = 10_000;

/** Configuration of a repository that would run programs: it may be as foreign as its files. */
const HARMLESS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never'];

/**
 * The files below a directory that git tracks, as paths from the directory's parent. Empty outside of a repository,
 * and where git is missing or refuses the repository.
 */
export async function trackedFiles(directory: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const parent = dirname(directory);
  if (!isInRepository(parent)) return [];
  // In a hook, these name another repository.
  const own = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  const argv = [
    ...HARMLESS.flatMap((setting) => ['-c', setting]),
    '--literal-pathspecs',
    ...['ls-files', '-z', '--cached', '--', directory.slice(parent.length + 1)],
  ];
  return new Promise((resolve) => {
    const options = {
      cwd: parent,
      env: { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' },
      timeout: TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile('git', argv, options, (error, stdout) => {
      resolve(error === null ? stdout.split('\0').filter((path) => path !== '') : []);
    });
  });
}

function isInRepository(directory: string): boolean {
  if (existsSync(join(directory, '.git'))) return true;
  const parent = dirname(directory);
  return parent !== directory && isInRepository(parent);
}

import { posix, win32 } from 'node:path';
import { environmentError } from '../../lib/errors.js';

/** Where to look for the registry. Nothing is read from the process: the caller says it all. */
export interface RegistryPathQuestion {
  /** `--registry FILE`; wins over everything. */
  readonly flag?: string | undefined;
  /** Environment variables; `CLUSTERKIT_REGISTRY` wins over the home directory. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Home directory.
   * @default `HOME` of `env`; on Windows `USERPROFILE`, then `HOMEDRIVE` with `HOMEPATH`
   */
  readonly home?: string | undefined;
  /** @default 'linux' */
  readonly platform?: NodeJS.Platform;
  /** Directory that a relative `flag` starts from. @default the process's */
  readonly cwd?: string;
}

/**
 * The registry file that the Prisma CLIs read: `<home>/.prisma/config.yml` on Linux, macOS and
 * Windows alike (they ask the operating system for the home directory and append to it).
 *
 * @throws KitError `home-missing` (exit 3) when only the home directory could tell, and there is none
 */
export function registryPath(question: RegistryPathQuestion): string {
  const { flag, env = {}, platform = 'linux' } = question;
  const path = platform === 'win32' ? win32 : posix;
  const cwd = question.cwd ?? process.cwd();
  const chosen = flag || env.CLUSTERKIT_REGISTRY;
  if (chosen) return path.resolve(cwd, chosen);
  const home = question.home || homeOf(env, platform);
  if (!home) {
    throw environmentError('home-missing', {
      message: 'No home directory is known, so the registry file cannot be found.',
      hint: `Set ${platform === 'win32' ? 'USERPROFILE' : 'HOME'}, or name the file: --registry FILE.`,
    });
  }
  return path.resolve(cwd, home, '.prisma', 'config.yml');
}

function homeOf(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform) {
  if (platform !== 'win32') return env.HOME;
  if (env.USERPROFILE) return env.USERPROFILE;
  return env.HOMEDRIVE && env.HOMEPATH ? `${env.HOMEDRIVE}${env.HOMEPATH}` : undefined;
}

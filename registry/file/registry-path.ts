import { posix, win32 } from 'node:path';
import { environmentError } from '../../lib/errors.js';

/** What determines the path of the registry. Nothing is read from the process. */
export interface RegistryPathInput {
  /** `--registry FILE`; takes precedence over everything. */
  readonly flag?: string | undefined;
  /** Environment variables; `CLUSTERKIT_REGISTRY` takes precedence over the home directory. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Home directory.
   * @default `HOME` of `env`; on Windows `USERPROFILE`, then `HOMEDRIVE` with `HOMEPATH`
   */
  readonly home?: string | undefined;
  /** @default 'linux' */
  readonly platform?: NodeJS.Platform;
  /** Base directory of a relative `flag`. @default the process's */
  readonly cwd?: string;
}

/**
 * Path of the registry file. The Prisma CLIs read `<home>/.prisma/config.yml` on Linux, macOS and
 * Windows.
 *
 * @throws KitError `home-missing` (exit 3) when the home directory is needed and not known
 */
export function registryPath(input: RegistryPathInput): string {
  const { flag, env = {}, platform = 'linux' } = input;
  const path = platform === 'win32' ? win32 : posix;
  const cwd = input.cwd ?? process.cwd();
  const chosen = flag || env.CLUSTERKIT_REGISTRY;
  if (chosen) return path.resolve(cwd, chosen);
  const home = input.home || homeOf(env, platform);
  if (!home) {
    throw environmentError('home-missing', {
      message: 'The home directory is not known, so the registry file cannot be found.',
      hint: `Set ${platform === 'win32' ? 'USERPROFILE' : 'HOME'}, or choose the file: --registry FILE.`,
    });
  }
  return path.resolve(cwd, home, '.prisma', 'config.yml');
}

function homeOf(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform) {
  if (platform !== 'win32') return env.HOME;
  if (env.USERPROFILE) return env.USERPROFILE;
  return env.HOMEDRIVE && env.HOMEPATH ? `${env.HOMEDRIVE}${env.HOMEPATH}` : undefined;
}

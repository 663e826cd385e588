import { accessSync, constants, statSync } from 'node:fs';

/** Where files go when the user's directory for temporary files is of no use. */
const FALLBACK = '/tmp';
/** Terraform's providers create sockets there, whose whole path has at most 107 bytes. */
const LONGEST = 80;

/**
 * The directory for temporary files: that of the environment when it exists, can be written, and has a
 * path that is short enough for a socket; else `/tmp`. `undefined`: the system's default is used.
 */
export function usableTmpdir(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined {
  const { TMPDIR } = env;
  if (platform === 'win32' || TMPDIR === undefined) return TMPDIR;
  return isUsable(TMPDIR) ? TMPDIR : FALLBACK;
}

function isUsable(path: string): boolean {
  if (!path.startsWith('/') || Buffer.byteLength(path) > LONGEST) return false;
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

import { statfs } from 'node:fs/promises';
import { environmentError, type KitError } from './errors.js';

/** What systems and programs write when no room is left, on a disk or within a quota. */
const WORDS = /\b(ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i;

/** Is a full disk the reason of an error, or what a text reports? Follows causes. */
export function isDiskFull(error: unknown): boolean {
  if (typeof error === 'string') return WORDS.test(error);
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || isDiskFull(error.cause);
}

/** Less than this is full: a program that found no room has removed what it began. */
const FULL_BELOW_BYTES = 64 * 1024;

/** Has the disk of a directory no room for another file? `false` where that is unknown. */
export async function isFull(directory: string): Promise<boolean> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(directory);
    return bavail * bsize < FULL_BELOW_BYTES || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

/** A full disk. @param path of a file or directory on it */
export const diskFull = (path: string | undefined, cause?: unknown): KitError =>
  environmentError('disk-full', {
    ...(path !== undefined && { path }),
    message: 'no space is left on this disk',
    hint: 'Free some space, or raise the quota. Then run the same command again: it goes on from there.',
    cause,
  });

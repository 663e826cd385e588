import { stat } from 'node:fs/promises';
import type { Problem } from './errors.js';
import { readTextFile } from './read-text-file.js';

/** What {@link readSecretFile} takes. */
export interface SecretFile {
  /** Absolute. */
  readonly path: string;
  /** What it should have, such as `the database's password`; for messages. */
  readonly what: string;
  /** @default - that of every file that people write */
  readonly maxBytes?: number;
}

/**
 * The text of a file with a secret, without the line break that editors and `echo` end a file with; or why it cannot
 * be used: others can read it, or nobody can.
 */
export async function readSecretFile({
  path,
  what,
  maxBytes,
}: SecretFile): Promise<string | Problem> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      return { path, message: 'is a directory', hint: `Name the file with ${what}.` };
    }
    const { mode } = found;
    if (process.platform !== 'win32' && (mode & 0o007) !== 0) {
      return {
        path,
        message: `has ${what}, and everybody on this machine can open it (mode ${(mode & 0o777).toString(8)})`,
        hint: `Run chmod 600 ${path}; a group may be let in.`,
      };
    }
    return withoutLineBreak(await readTextFile(path, maxBytes));
  } catch (error) {
    return unreadable(path, what, error);
  }
}

/** A file that cannot be read. */
export const unreadable = (path: string, what: string, error: unknown): Problem => ({
  path,
  message: `the file with ${what} cannot be read: ${(error as Error).message}`,
  hint: 'The path is relative to clusters.yml.',
});

/** A text without the line break at its end. */
export const withoutLineBreak = (text: string): string => text.replace(/\r?\n$/, '');

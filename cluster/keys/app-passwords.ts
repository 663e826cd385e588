import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, usageError } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';
import { newPassword } from '../../lib/new-password.js';
import { Secret } from '../../lib/secret.js';
import { ensureFile, guard, readIfThere } from './key-files.js';

const PREFIX = 'database-password-of-';

/**
 * The password with which an application logs in to the database; the first call creates it.
 * @throws KitError `key-invalid` (exit 2) when its file is empty
 */
export async function ensureAppPassword(directory: string, app: string): Promise<Secret> {
  const name = `${PREFIX}${app}`;
  return guard(directory, async () => {
    await makeDirectory(directory);
    await ensureFile(directory, name, newPassword);
    const path = join(directory, name);
    const text = (await readIfThere(path))?.trim();
    if (text) return new Secret(text);
    throw usageError('key-invalid', {
      path,
      message: 'the file is empty',
      hint: 'Delete it: the next deployment makes a new password.',
    });
  });
}

/** The applications that have a password. */
export async function appsWithPassword(directory: string): Promise<string[]> {
  const names = await guard(directory, () => readdir(directory).catch(unlessAbsent));
  return names
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .sort();
}

/** Every password of an application in the key store. */
export async function readAppPasswords(directory: string): Promise<readonly Secret[]> {
  const found = await Promise.all(
    (await appsWithPassword(directory)).map((app) =>
      guard(directory, () => readIfThere(join(directory, `${PREFIX}${app}`))),
    ),
  );
  return found.flatMap((text) => (text?.trim() ? [new Secret(text.trim())] : []));
}

/** Removes the password of an application that is gone. */
export const removeAppPassword = (directory: string, app: string): Promise<void> =>
  guard(directory, () => rm(join(directory, `${PREFIX}${app}`), { force: true }));

function unlessAbsent(error: unknown): string[] {
  if (hasCode(error, 'ENOENT')) return [];
  throw error;
}

import { chmod, rmdir, stat } from 'node:fs/promises';
import { removeTemporaries, type WriteStep } from '../../lib/atomic-write.js';
import { hasCode } from '../../lib/errors.js';
import { makeDirectory } from '../../lib/make-directory.js';
import { saveBackup } from './backups.js';
import { readEntryCertificates } from './entry-certificate.js';
import { registryFileError, writeRegistryFile } from './file-errors.js';
import { rememberFirstState } from './first-state.js';
import { parseRegistry, tryParseRegistry } from './parse-registry.js';
import type { ParsedRegistry } from './parsed-registry.js';
import { type Registry, readRecords, readRegistryText, registryOf } from './read-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { type LockOptions, withLock } from './registry-lock.js';
import { type RetiredSecrets, writeRetired } from './retired-secrets.js';
import { type ShadowEntry, writeShadow } from './shadow-copy.js';

/** The moments of a change at which a test may stop the process. */
export type ChangeStep = 'locked' | 'shadow-written' | 'backed-up' | WriteStep;

/** Options of every change of the registry. */
export interface ChangeOptions extends LockOptions {
  /** Replace a malformed file: treat it as empty. @default false */
  readonly evenMalformed?: boolean;
  /** For tests that kill the process. */
  readonly onStep?: (step: ChangeStep) => void;
}

/** The registry as read under the lock. */
export interface Present {
  readonly registry: Registry;
  readonly parsed: ParsedRegistry;
  readonly now: Date;
}

/** What to write; what is absent stays as it is. */
export interface Change<T> {
  readonly result: T;
  readonly text?: string;
  readonly shadow?: ReadonlyMap<string, ShadowEntry>;
  readonly retired?: RetiredSecrets;
}

/**
 * Reads the registry under its lock, calls `plan`, and writes the shadow copy, a backup and the registry,
 * in this order: an error before the last step leaves the registry unchanged. Equal bytes are not
 * written. A symbolic link at `path` stays; the mode of the file becomes 0600.
 *
 * @throws KitError: `registry-locked`, disk and permission errors (exit 3), `registry-malformed` (2)
 */
export async function changeRegistry<T>(
  path: string,
  options: ChangeOptions,
  plan: (present: Present) => Change<T>,
): Promise<T> {
  const files = await registryFiles(path);
  const clock = options.now ?? (() => new Date());
  const directoryExisted = !(await isMissing(files.directory));
  if (!directoryExisted) {
    // A removal from a registry that does not exist creates no directory and no lock.
    const parsed = parseRegistry('', files.file);
    const registry = registryOf(path, parsed);
    const { result, text } = plan({ registry, parsed, now: clock() });
    if (!text) return result;
  }
  await makeDirectory(files.directory).catch((error: unknown) => {
    throw registryFileError(files.directory, 'create', error);
  });
  const onStep = options.onStep ?? (() => undefined);
  // Compiles the code that runs under the lock, where others wait for it.
  tryParseRegistry((await readRegistryText(files.file).catch(() => undefined)) ?? '', files.file);
  return withLock(files.lock, options, async () => {
    onStep('locked');
    await removeTemporaries(files.file);
    const old = await readRegistryText(files.file);
    const parse = options.evenMalformed ? tryParseRegistry : parseRegistry;
    const parsed = parse(old ?? '', files.file) ?? parseRegistry('', files.file);
    const records = await readRecords(files);
    const { owned } = records;
    const now = clock();
    const registry = registryOf(path, parsed, records);
    const { result, text, shadow, retired } = plan({ registry, parsed, now });
    if (owned.size === 0 && shadow !== undefined && shadow.size > 0) {
      await rememberFirstState(files, { text: old, directoryExisted });
    }
    if (retired !== undefined) await writeRetired(files, retired);
    if (shadow !== undefined) await writeShadowCopy(files, shadow);
    onStep('shadow-written');
    try {
      if (text === undefined || text === old) await restrictMode(files.file);
      else {
        const certificates = old ? await readEntryCertificates(files.certificates) : undefined;
        if (old) await saveBackup(files.backups, old, now, certificates);
        onStep('backed-up');
        await writeRegistryFile(files.file, text, { onStep });
      }
    } catch (error) {
      if (shadow !== undefined) await writeShadowCopy(files, owned).catch(() => undefined);
      throw error;
    }
    return result;
  });
}

/** Writes the shadow copy, or removes it with its directory when no entry and no backup is left. */
async function writeShadowCopy(files: RegistryFiles, shadow: ReadonlyMap<string, ShadowEntry>) {
  await removeTemporaries(files.shadow);
  await writeShadow(files.shadow, shadow);
  if (shadow.size === 0) await rmdir(files.kitDirectory).catch(() => undefined);
}

const isMissing = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: unknown) => hasCode(error, 'ENOENT'),
  );

/** Sets the mode 0600 of a file that is not rewritten: it contains private keys. */
async function restrictMode(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (found.mode & 0o077) === 0 || process.platform === 'win32') return;
  await chmod(file, 0o600).catch((error: unknown) => {
    throw registryFileError(file, 'change the mode of', error);
  });
}

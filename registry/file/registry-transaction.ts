import { chmod, mkdir, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { removeTemporaries, type WriteStep } from '../../lib/atomic-write.js';
import { hasCode } from '../../lib/errors.js';
import { keepBackup } from './backups.js';
import { readEntryCertificates } from './entry-certificate.js';
import { registryFileError } from './file-errors.js';
import { rememberFirstState } from './first-state.js';
import { type ParsedRegistry, parseRegistry, tryParseRegistry } from './parse-registry.js';
import { type Registry, readRegistryText, registryOf } from './read-registry.js';
import { type RegistryFiles, registryFiles } from './registry-files.js';
import { type LockOwner, withLock } from './registry-lock.js';
import { readShadow, type ShadowEntry, writeShadow } from './shadow-copy.js';
import { writeRegistryFile } from './write-registry-file.js';

/** The moments of a change at which a test may stop the process. */
export type ChangeStep = 'locked' | 'shadow-written' | 'backed-up' | WriteStep;

/** What every change of the registry takes. */
export interface ChangeOptions {
  /** For the message that others get who wait. @default this process, as `clusterkit` */
  readonly owner?: Partial<LockOwner>;
  /** @default the clock */
  readonly now?: () => Date;
  /** How long to wait for the lock. @default 30 000 */
  readonly waitMs?: number;
  /** Go on with an empty registry where the file cannot be parsed, to replace it. @default false */
  readonly evenMalformed?: boolean;
  /** For tests that pull the plug. */
  readonly onStep?: (step: ChangeStep) => void;
}

/** The registry as a change finds it under the lock. */
export interface Present {
  readonly registry: Registry;
  readonly parsed: ParsedRegistry;
  readonly now: Date;
}

/** What a change wants; what is absent stays as it is. */
export interface Change<T> {
  readonly result: T;
  readonly text?: string;
  readonly shadow?: ReadonlyMap<string, ShadowEntry>;
}

/**
 * Reads the registry under its lock, lets `plan` decide, and writes: shadow copy, backup, registry.
 * The registry comes last, so that what failed before it has left it as it was.
 * Equal bytes are not written. A file or link at `path` keeps its place; its mode becomes 0600.
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
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    command: 'clusterkit',
    ...options.owner,
  };
  const directoryExisted = !(await isMissing(files.directory));
  if (!directoryExisted) {
    // Taking something out of nothing leaves nothing behind, no directory and no lock either.
    const empty = parseRegistry('', files.file);
    const { result, text } = plan({
      registry: registryOf(path, empty, new Map()),
      parsed: empty,
      now: clock(),
    });
    if (!text) return result;
  }
  await makeDirectory(files.directory);
  const onStep = options.onStep ?? (() => undefined);
  const request = {
    owner,
    now: clock,
    ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
  };
  return withLock(files.lock, request, async () => {
    onStep('locked');
    await removeTemporaries(files.file);
    const old = await readRegistryText(files.file);
    const parse = options.evenMalformed ? tryParseRegistry : parseRegistry;
    const parsed = parse(old ?? '', files.file) ?? parseRegistry('', files.file);
    const owned = await readShadow(files.shadow);
    const now = clock();
    const { result, text, shadow } = plan({
      registry: registryOf(path, parsed, owned),
      parsed,
      now,
    });
    if (owned.size === 0 && shadow !== undefined && shadow.size > 0) {
      await rememberFirstState(files, { text: old, directoryExisted });
    }
    if (shadow !== undefined) await remember(files, shadow);
    onStep('shadow-written');
    try {
      if (text === undefined || text === old) await tighten(files.file);
      else {
        if (old)
          await keepBackup(
            files.backups,
            old,
            now,
            await readEntryCertificates(files.certificates),
          );
        onStep('backed-up');
        await writeRegistryFile(files.file, text, { onStep });
      }
    } catch (error) {
      if (shadow !== undefined) await remember(files, owned).catch(() => undefined);
      throw error;
    }
    return result;
  });
}

/** The shadow copy, and with the last of its entries the directory, unless backups are in it. */
async function remember(files: RegistryFiles, shadow: ReadonlyMap<string, ShadowEntry>) {
  await removeTemporaries(files.shadow);
  await writeShadow(files.shadow, shadow);
  if (shadow.size === 0) await rmdir(files.kitDirectory).catch(() => undefined);
}

const isMissing = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: unknown) => hasCode(error, 'ENOENT'),
  );

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw registryFileError(path, 'create', error);
  });
}

/** 0600 for a file that stays as it is: it holds private keys. */
async function tighten(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || (found.mode & 0o077) === 0 || process.platform === 'win32') return;
  await chmod(file, 0o600).catch((error: unknown) => {
    throw registryFileError(file, 'change the mode of', error);
  });
}

import type { FileHandle } from 'node:fs/promises';
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, type KitError } from './errors.js';

/** Who holds the lock, for the message that others get. Nothing secret belongs here. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** The command as a person would name it, such as `clusterkit cluster add staging`. */
  readonly command: string;
}

/** How long to wait, who is asking, and what to call things. */
export interface LockRequest {
  readonly owner: LockOwner;
  /** What is locked, to begin a sentence with: `The registry`. */
  readonly subject: string;
  /** Code of the error when the time is up, such as `registry-locked`. */
  readonly lockedCode: string;
  /** A system error of the lock file as an error that says what to do. */
  readonly fileError: (path: string, doing: string, error: unknown) => KitError;
  /** @default 30 000 */
  readonly waitMs?: number;
  readonly now: () => Date;
}

/**
 * Windows locks a range against reading too: one byte far behind the owner's data keeps that
 * readable. Elsewhere the range is advisory, on macOS the whole file.
 */
const RANGE = { offset: 0x40000000, length: 1 } as const;
const POLL_MS = { first: 8, most: 120 } as const;

/**
 * Runs `work` while this process alone holds the lock file at `path`.
 *
 * The lock is the kernel's (`docs/decisions/registry-lock.md`): it goes with its process, however
 * that ends, so it is never stale and never taken from a living owner. The file only carries the
 * owner's name, and is removed after use.
 *
 * @throws KitError `lockedCode` (exit 3) naming the owner when `waitMs` have passed
 */
export async function withFileLock<T>(
  path: string,
  request: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const handle = await acquire(path, request);
  try {
    return await work();
  } finally {
    // Unlink first: whoever then locks the old file sees that the path no longer leads to it.
    await unlink(path).catch(() => undefined);
    await handle.close();
  }
}

async function acquire(path: string, request: LockRequest): Promise<FileHandle> {
  const deadline = performance.now() + (request.waitMs ?? 30_000);
  for (let pauseMs: number = POLL_MS.first; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS.most)) {
    const handle = await tryAcquire(path, request.fileError);
    if (handle !== undefined) {
      const since = request.now().toISOString();
      const { pid, host, command } = request.owner;
      // Only for messages: a full disk must not show here, but at the write, where it matters.
      await handle
        .truncate(0)
        .then(() => handle.write(`${JSON.stringify({ pid, host, command, since })}\n`, 0))
        .catch(() => undefined);
      return handle;
    }
    if (performance.now() >= deadline) throw await lockedError(path, request);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** The open, locked file; undefined when somebody else has it. */
async function tryAcquire(
  path: string,
  fileError: LockRequest['fileError'],
): Promise<FileHandle | undefined> {
  const { tryLock } = await nativeLock();
  let handle: FileHandle;
  try {
    handle = await open(path, 'a+', 0o600);
  } catch (error) {
    // Windows: the last owner has just unlinked it, and the name goes when the last handle closes.
    const { code } = error as NodeJS.ErrnoException;
    if (process.platform === 'win32' && /^(EPERM|EBUSY|EACCES)$/.test(code ?? '')) return undefined;
    throw fileError(path, 'lock', error);
  }
  try {
    if (tryLock(handle.fd, RANGE.offset, RANGE.length) && (await leadsTo(path, handle))) {
      return handle;
    }
  } catch (error) {
    await handle.close();
    throw unsupportedError(path, error);
  }
  await handle.close();
  return undefined;
}

/** Between open and lock the owner may have unlinked the file: then the lock is worth nothing. */
async function leadsTo(path: string, handle: FileHandle): Promise<boolean> {
  const [mine, there] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }).catch(() => undefined),
  ]);
  return there !== undefined && mine.ino === there.ino && mine.dev === there.dev;
}

const nativeLock = () =>
  import('fs-native-extensions').catch((error: unknown) => {
    throw environmentError(
      'lock-unavailable',
      {
        message: `No file lock for ${process.platform} on ${process.arch}: the native part of fs-native-extensions did not load.`,
        hint: 'Run `npm ci` with optional files kept, on a platform that it ships for.',
      },
      error,
    );
  });

const unsupportedError = (path: string, cause: unknown) =>
  environmentError(
    'lock-unsupported',
    {
      path,
      message: `This file system gives no locks (${(cause as NodeJS.ErrnoException).code ?? cause}).`,
      hint: 'Keep it on a local disk.',
    },
    cause,
  );

async function lockedError(path: string, { subject, lockedCode, waitMs = 30_000 }: LockRequest) {
  const owner = await readLockOwner(path);
  const who = owner
    ? `process ${owner.pid} on ${owner.host} (${owner.command}) since ${owner.since}`
    : 'another process, which has not said who it is';
  return environmentError(lockedCode, {
    path,
    message: `${subject} is in use by ${who}; waited ${waitMs / 1000} s.`,
    hint: 'Let it finish, or end it; the lock goes with the process. Then run the command again.',
  });
}

/** What the holder wrote into the lock file; undefined when there is none, or nothing readable. */
export async function readLockOwner(
  path: string,
): Promise<(LockOwner & { since: string }) | undefined> {
  try {
    const data: unknown = JSON.parse(await readFile(path, 'utf8'));
    return data !== null && typeof data === 'object' && 'pid' in data
      ? (data as LockOwner & { since: string })
      : undefined;
  } catch {
    return undefined;
  }
}

/** Is there a lock file, and does a living process hold it? For diagnosis; takes nothing away. */
export async function lockState(
  path: string,
  fileError: LockRequest['fileError'],
): Promise<'none' | 'held' | 'left-over'> {
  if ((await stat(path).catch(() => undefined)) === undefined) return 'none';
  const handle = await tryAcquire(path, fileError);
  await handle?.close();
  return handle === undefined ? 'held' : 'left-over';
}

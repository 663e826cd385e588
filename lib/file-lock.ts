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
  /** Ends the wait, not the work. */
  readonly signal?: AbortSignal | undefined;
  /** Is told once, when somebody else has it; `undefined`: who has not said who it is. */
  readonly onWait?: (owner: LockOwner | undefined) => void;
  readonly now: () => Date;
}

/**
 * Windows locks a range against reading too: single bytes far behind the owner's data keep that
 * readable. Elsewhere a range is advisory.
 */
const LOCK_BYTE = 0x40000000;
/** Shared by those who wait, so that the holder knows that the file is still wanted. */
const WAITING_BYTE = LOCK_BYTE + 1;
/** macOS locks whole files only: there nobody can wait on a second byte. */
const HAS_RANGES = process.platform !== 'darwin';
const POLL_MS = { first: 8, most: 120 } as const;

/**
 * Runs `work` while this process alone holds the lock file at `path`.
 *
 * The lock is the kernel's (`docs/decisions/registry-lock.md`): it goes with its process, however
 * that ends, so it is never stale and never taken from a living owner. The file only carries the
 * owner's name, and is removed after use.
 *
 * @throws KitError `lockedCode` (exit 3) naming the owner when `waitMs` have passed; the signal's reason
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
    // Unlink before the lock goes: whoever then gets it sees that the path leads elsewhere.
    if (!(await isWanted(handle))) await unlink(path).catch(() => undefined);
    await handle.close();
  }
}

async function acquire(path: string, request: LockRequest): Promise<FileHandle> {
  const { signal, onWait } = request;
  const deadline = performance.now() + (request.waitMs ?? 30_000);
  let isWaiting = false;
  let pauseMs: number = POLL_MS.first;
  let handle = await openLockFile(path, request.fileError);
  try {
    for (;;) {
      if (handle !== undefined && (await tryLock(handle, LOCK_BYTE))) {
        if (await leadsTo(path, handle)) {
          await introduce(handle, request);
          return handle;
        }
        await handle.close();
        handle = await openLockFile(path, request.fileError);
        continue;
      }
      if (performance.now() >= deadline) throw await lockedError(path, request);
      if (HAS_RANGES && handle !== undefined) await tryLock(handle, WAITING_BYTE, true);
      if (!isWaiting) onWait?.(await readLockOwner(path));
      isWaiting = true;
      signal?.throwIfAborted();
      await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal });
      pauseMs = Math.min(pauseMs * 1.5, POLL_MS.most);
      handle ??= await openLockFile(path, request.fileError);
    }
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

/** Undefined on Windows while the name of the last lock file is on its way out. */
async function openLockFile(
  path: string,
  fileError: LockRequest['fileError'],
): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'a+', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (process.platform === 'win32' && /^(EPERM|EBUSY|EACCES)$/.test(code ?? '')) return undefined;
    throw fileError(path, 'lock', error);
  }
}

async function tryLock(handle: FileHandle, byte: number, shared = false): Promise<boolean> {
  const native = await nativeLock();
  try {
    return native.tryLock(handle.fd, byte, 1, { shared });
  } catch (error) {
    throw unsupportedError(error);
  }
}

/** Does anybody wait? Then the file stays for them, and the last one removes it. */
const isWanted = async (handle: FileHandle): Promise<boolean> =>
  HAS_RANGES && !(await tryLock(handle, WAITING_BYTE).catch(() => true));

/** Only for messages: a full disk must not show here, but at the write, where it matters. */
async function introduce(handle: FileHandle, { owner, now }: LockRequest): Promise<void> {
  if (HAS_RANGES) (await nativeLock()).unlock(handle.fd, WAITING_BYTE, 1);
  const { pid, host, command } = owner;
  const text = `${JSON.stringify({ pid, host, command, since: now().toISOString() })}\n`;
  await handle
    .truncate(0)
    .then(() => handle.write(text))
    .catch(() => undefined);
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

const unsupportedError = (cause: unknown) =>
  environmentError(
    'lock-unsupported',
    {
      message: `The file system gives no locks (${(cause as NodeJS.ErrnoException).code ?? cause}).`,
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
export async function lockState(path: string): Promise<'none' | 'held' | 'left-over'> {
  const handle = await open(path, 'r+').catch(() => undefined);
  if (handle === undefined) return 'none';
  try {
    return (await tryLock(handle, LOCK_BYTE)) ? 'left-over' : 'held';
  } finally {
    await handle.close();
  }
}

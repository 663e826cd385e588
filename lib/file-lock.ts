import type { FileHandle } from 'node:fs/promises';
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, type KitError } from './errors.js';
import { beforeAbort, timeLimit } from './time-limit.js';

/** Owner of the lock, for the messages of other processes. Contains no secrets. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** The command as a person would name it, such as `clusterkit cluster add staging`. */
  readonly command: string;
}

/** Who has the lock. */
export interface CurrentOwner extends LockOwner {
  /** ISO 8601. */
  readonly since: string;
}

/** How to acquire the lock, and what to say in messages. */
export interface LockRequest {
  readonly owner: LockOwner;
  /** What is locked, to begin a sentence with: `The registry`. */
  readonly subject: string;
  /** Code of the error when the time is up, such as `registry-locked`. */
  readonly lockedCode: string;
  /** Converts a system error of the lock file to an error with a hint. */
  readonly fileError: (path: string, doing: string, error: unknown) => KitError;
  /** @default 30 000 */
  readonly waitMs?: number;
  /** Ends the wait, not the work. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the wait takes longer; `undefined`: the owner is unknown. */
  readonly onWait?: (owner: CurrentOwner | undefined) => void;
  readonly now: () => Date;
}

/**
 * On Windows a locked range cannot be read, so single bytes far behind the owner's data are locked.
 * Elsewhere locks are advisory.
 */
const LOCK_BYTE = 0x40000000;
/** A shared lock of waiting processes: the holder then keeps the file. */
const WAITING_BYTE = LOCK_BYTE + 1;
/** macOS locks whole files only, so a second byte cannot be locked there. */
const HAS_RANGES = process.platform !== 'darwin';
/** Pause while Windows still deletes the former lock file. */
const REOPEN_MS = 10;
/** A shorter wait is not worth a message. */
const NOTICE_MS = 250;

/**
 * Runs `work` while this process alone holds the lock file at `path`. Waits in the kernel's queue: first
 * come, first served, and a waiting process that is stopped or ends keeps nobody.
 *
 * The kernel holds the lock (`docs/decisions/registry-lock.md`): it ends with its process, so it is never
 * stale and never taken from a running owner. The file only contains the owner's name, and is removed
 * after use.
 *
 * @throws KitError `lockedCode` (exit 3) naming the owner when `waitMs` have passed; the signal's reason
 */
export async function withFileLock<T>(
  path: string,
  request: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const { signal, onWait } = request;
  signal?.throwIfAborted();
  const limit = timeLimit(request.waitMs ?? 30_000, signal);
  let isTold = false;
  // Only a wait for others is told: on a loaded machine, to take a free lock lasts as long.
  const wait: Wait = async (turn) => {
    const notice = setTimeout(async () => {
      if (isTold) return;
      isTold = true;
      onWait?.(await readLockOwner(path));
    }, NOTICE_MS).unref();
    try {
      await beforeAbort(limit, turn);
    } finally {
      clearTimeout(notice);
    }
  };
  try {
    const endTurn = await takeTurn(path, wait);
    try {
      const handle = await acquire(path, request, limit, wait);
      try {
        return await work();
      } finally {
        await release(path, handle);
      }
    } finally {
      endTurn();
    }
  } catch (error) {
    if (error !== limit.reason || signal?.aborted) throw error;
    throw await lockedError(path, request);
  }
}

/** Waits for others, up to the time limit. */
type Wait = (turn: Promise<void>) => Promise<void>;

/** The last in line for each path in this process: a wait in the kernel occupies one of Node's few threads. */
const lines = new Map<string, Promise<void>>();

/** Waits until this process uses `path` no more. @returns what ends the turn */
async function takeTurn(path: string, wait: Wait): Promise<() => void> {
  const before = lines.get(path);
  let endTurn = () => {};
  const mine = new Promise<void>((resolve) => {
    endTurn = resolve;
  });
  const last = before === undefined ? mine : before.then(() => mine);
  lines.set(path, last);
  void last.then(() => lines.get(path) === last && lines.delete(path));
  try {
    if (before !== undefined) await wait(before);
    return endTurn;
  } catch (error) {
    endTurn();
    throw error;
  }
}

async function acquire(
  path: string,
  request: LockRequest,
  limit: AbortSignal,
  wait: Wait,
): Promise<FileHandle> {
  for (let isFirst = true; ; isFirst = false) {
    if (isFirst) request.signal?.throwIfAborted();
    else limit.throwIfAborted();
    const handle = await openLockFile(path, request.fileError);
    if (handle === undefined) {
      await sleep(REOPEN_MS);
      continue;
    }
    let granted: Promise<void> | undefined;
    try {
      if (HAS_RANGES) await tryLock(handle, WAITING_BYTE, true);
      // A free lock is taken also when the time is up: on a loaded machine, to open the file may take all of it.
      if (!(await tryLock(handle, LOCK_BYTE))) {
        granted = waitForLock(handle);
        await wait(granted);
      }
      if (await isStill(path, handle)) {
        await writeOwner(handle, request);
        return handle;
      }
      await handle.close();
    } catch (error) {
      // Nothing ends a wait in the kernel: the lock is given back when it comes.
      void Promise.resolve(granted).then(
        () => giveBack(path, handle),
        () => handle.close(),
      );
      throw error;
    }
  }
}

/** Unlinks before it unlocks: the next owner then sees that the path has another file. */
async function release(path: string, handle: FileHandle): Promise<void> {
  if (!(await isWanted(handle))) await unlink(path).catch(() => undefined);
  await handle.close();
}

const giveBack = async (path: string, handle: FileHandle) =>
  (await isStill(path, handle)) ? release(path, handle) : handle.close();

/** Undefined on Windows while the former lock file is being deleted. */
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

async function waitForLock(handle: FileHandle): Promise<void> {
  const native = await nativeLock();
  await native.waitForLock(handle.fd, LOCK_BYTE, 1).catch((error: unknown) => {
    throw unsupportedError(error);
  });
}

/** Is another process waiting? Then the file stays, and the last process removes it. */
const isWanted = async (handle: FileHandle): Promise<boolean> =>
  HAS_RANGES && !(await tryLock(handle, WAITING_BYTE).catch(() => true));

/** Writes the owner's name, for messages only. Ignores a full disk, which the later write reports. */
async function writeOwner(handle: FileHandle, { owner, now }: LockRequest): Promise<void> {
  if (HAS_RANGES) (await nativeLock()).unlock(handle.fd, WAITING_BYTE, 1);
  const { pid, host, command } = owner;
  const text = `${JSON.stringify({ pid, host, command, since: now().toISOString() })}\n`;
  await handle
    .truncate(0)
    .then(() => handle.write(text))
    .catch(() => undefined);
}

/** Is `path` still this file? Its former owner may have unlinked it between open and lock. */
async function isStill(path: string, handle: FileHandle): Promise<boolean> {
  const [mine, there] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }).catch(() => undefined),
  ]);
  return there !== undefined && mine.ino === there.ino && mine.dev === there.dev;
}

const nativeLock = () =>
  import('fs-native-extensions').catch((error: unknown) => {
    throw environmentError('lock-unavailable', {
      message: `No file lock for ${process.platform} on ${process.arch}: the native part of fs-native-extensions did not load.`,
      hint: 'Run `npm ci` with optional files kept, on a platform that it ships for.',
      cause: error,
    });
  });

const unsupportedError = (cause: unknown) =>
  environmentError('lock-unsupported', {
    message: `The file system does not support locks (${(cause as NodeJS.ErrnoException).code ?? cause}).`,
    hint: 'Keep it on a local disk.',
    cause,
  });

async function lockedError(path: string, { subject, lockedCode, waitMs = 30_000 }: LockRequest) {
  const owner = await readLockOwner(path);
  return environmentError(lockedCode, {
    path,
    message: `${subject} is in use by ${ownerText(owner)}; waited ${waitMs / 1000} s.`,
    hint: 'Wait for it or end it; the lock ends with the process. Then run the command again.',
  });
}

/** Who has the lock and since when, for the middle of a sentence. */
export const ownerText = (owner: CurrentOwner | undefined): string =>
  owner === undefined
    ? 'another process, which is unknown'
    : `process ${owner.pid} on ${owner.host} (${owner.command}) since ${owner.since}`;

/** The owner in the lock file; undefined when there is none, or it cannot be read. */
export async function readLockOwner(path: string): Promise<CurrentOwner | undefined> {
  try {
    const data: unknown = JSON.parse(await readFile(path, 'utf8'));
    return data !== null && typeof data === 'object' && 'pid' in data
      ? (data as CurrentOwner)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Does a lock file exist, and does a running process hold it? Changes nothing. */
export async function lockState(path: string): Promise<'none' | 'held' | 'left-over'> {
  const handle = await open(path, 'r+').catch(() => undefined);
  if (handle === undefined) return 'none';
  try {
    return (await tryLock(handle, LOCK_BYTE)) ? 'left-over' : 'held';
  } finally {
    await handle.close();
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../lib/find-program.js';

/** A lock that the kernel drops with the last process that has it open. */
export interface Exclusive {
  /**
   * Waits until no other setup of this user makes anything; then clears what an interrupted one
   * left in {@link scratchDirectory}.
   */
  acquire(): Promise<void>;
  /** To be handed to tools, see `runTool`; `undefined` while nothing is locked. */
  fd(): number | undefined;
}

/** Where half-made things are until they are renamed into place: same file system as the cache. */
export const scratchDirectory = (cacheDir: string) => join(cacheDir, 'tmp');

/**
 * The lock of setup, by `flock` on a file in the cache. Where there is no such program (macOS) two
 * setups at once are not kept apart; things still appear by a rename, whole or not at all.
 */
export function createExclusive(
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  onWait: () => void,
): Exclusive {
  let fd: number | undefined;
  return {
    fd: () => fd,
    async acquire() {
      const flock = await findProgram('flock', env);
      if (flock === undefined) return;
      mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
      // Never closed: the end of the process is the end of the lock.
      fd = openSync(join(cacheDir, 'setup.lock'), 'a', 0o600);
      const lock = (...options: string[]) => waitForLock(flock, options, fd);
      if (!(await lock('--nonblock'))) {
        onWait();
        await lock();
      }
      await rm(scratchDirectory(cacheDir), { recursive: true, force: true });
    },
  };
}

/** `flock` locks what is open as its descriptor 3, which is ours as well. */
async function waitForLock(flock: string, options: readonly string[], fd: number | undefined) {
  const stdio = ['ignore', 'ignore', 'inherit', fd] as const;
  const [code] = await once(spawn(flock, [...options, '3'], { stdio: [...stdio] }), 'close');
  return code === 0;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../lib/find-program.js';

/** A lock that the kernel releases with the last process that has it open. */
export interface Exclusive {
  /**
   * Waits until no other setup of this user runs; then removes what an interrupted one left in
   * {@link scratchDirectory}.
   */
  acquire(): Promise<void>;
  /** For tools, see `runTool`; `undefined` while nothing is locked. */
  fd(): number | undefined;
}

/** For unfinished files, which a rename puts into place: on the same file system as the cache. */
export const scratchDirectory = (cacheDir: string) => join(cacheDir, 'tmp');

/**
 * The lock of setup: `flock` on a file in the cache. Without that program (macOS), two setups may
 * run at once; a rename still makes their results appear as a whole or not at all.
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
      // Never closed: the lock ends with the process.
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

/** `flock` locks its descriptor 3, which is ours as well. */
async function waitForLock(flock: string, options: readonly string[], fd: number | undefined) {
  const stdio = ['ignore', 'ignore', 'inherit', fd] as const;
  const [code] = await once(spawn(flock, [...options, '3'], { stdio: [...stdio] }), 'close');
  return code === 0;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ownerText, readLockOwner } from '../lib/file-lock.js';
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
 * @param onWait receives who has the lock, and since when
 */
export function createExclusive(
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  onWait: (owner: string) => void,
): Exclusive {
  let fd: number | undefined;
  return {
    fd: () => fd,
    async acquire() {
      const flock = await findProgram('flock', env);
      if (flock === undefined) return;
      mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
      // Never closed: the lock ends with the process.
      const file = join(cacheDir, 'setup.lock');
      fd = openSync(file, 'a', 0o600);
      const lock = (...options: string[]) => waitForLock(flock, options, fd);
      if (!(await lock('--nonblock'))) {
        onWait(ownerText(await readLockOwner(file)));
        await lock();
      }
      ftruncateSync(fd);
      writeSync(fd, `${JSON.stringify(owner())}\n`);
      await rm(scratchDirectory(cacheDir), { recursive: true, force: true });
    },
  };
}

/** For the messages of other processes. */
const owner = () => ({
  pid: process.pid,
  host: hostname(),
  command: 'scripts/setup',
  since: new Date().toISOString(),
});

/** `flock` locks its descriptor 3, which is ours as well. */
async function waitForLock(flock: string, options: readonly string[], fd: number | undefined) {
  const stdio = ['ignore', 'ignore', 'inherit', fd] as const;
  const [code] = await once(spawn(flock, [...options, '3'], { stdio: [...stdio] }), 'close');
  return code === 0;
}

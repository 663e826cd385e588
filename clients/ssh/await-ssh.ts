import { setTimeout as sleep } from 'node:timers/promises';
import { KitError } from '../../lib/errors.js';
import { connectSsh, type SshTarget } from './connect-ssh.js';
import type { SshConnection } from './ssh-connection.js';
import { unreachable } from './ssh-errors.js';

/** How long {@link awaitSsh} tries. */
export interface SshWait {
  /** In a row: sshd of a new machine restarts while cloud-init is at work. @default 3 */
  readonly successes?: number;
  /** @default 180000 */
  readonly deadlineMs?: number;
  /** Between two attempts. @default 500 */
  readonly pauseMs?: number;
}

/**
 * Waits until a machine lets us in several times in a row, and gives the last of these connections.
 * Another host key than the right ones ends it at once: waiting does not make a stranger ours.
 *
 * @throws KitError (exit 3) `host-key-wrong`; `ssh-unreachable` or `ssh-login-refused`, as the last
 * attempt was when the time was up
 */
export async function awaitSsh(target: SshTarget, wait: SshWait = {}): Promise<SshConnection> {
  const { successes = 3, deadlineMs = 180_000, pauseMs = 500 } = wait;
  const deadline = Date.now() + deadlineMs;
  let last: unknown = unreachable(target.host, new Error('it was never tried'));
  for (let inARow = 0; Date.now() < deadline; ) {
    try {
      const connection = await attempt(target);
      inARow += 1;
      if (inARow >= successes) return connection;
      connection.close();
    } catch (error) {
      target.signal?.throwIfAborted();
      if (!(error instanceof KitError) || error.code === 'host-key-wrong') throw error;
      last = error;
      inARow = 0;
    }
    await sleep(pauseMs, undefined, { signal: target.signal });
  }
  throw last;
}

/** A login alone is not enough: a machine that goes down still gives these. */
async function attempt(target: SshTarget): Promise<SshConnection> {
  const connection = await connectSsh(target);
  try {
    await connection.run(['true'], { timeoutMs: 10_000, signal: target.signal });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

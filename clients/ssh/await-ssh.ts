import { setTimeout as sleep } from 'node:timers/promises';
import { KitError } from '../../lib/errors.js';
import { connectSsh, type SshTarget } from './connect-ssh.js';
import type { SshConnection } from './ssh-connection.js';
import { unreachable } from './ssh-errors.js';

/**
 * Waits until several logins in a row succeed, and returns the last of these connections. A wrong
 * host key fails at once: waiting does not make it right.
 *
 * @throws KitError (exit 3) `host-key-wrong`; `ssh-unreachable` or `ssh-login-refused`, whichever
 * the last attempt before the deadline had
 */
export async function awaitSsh(
  target: SshTarget,
  wait: {
    /**
     * Successful attempts in a row: sshd of a new machine restarts while cloud-init works.
     * @default 3
     */
    readonly successes?: number;
    /** @default 180000 */
    readonly deadlineMs?: number;
    /** Pause between two attempts. @default 500 */
    readonly pauseMs?: number;
  } = {},
): Promise<SshConnection> {
  const { successes = 3, deadlineMs = 180_000, pauseMs = 500 } = wait;
  const deadline = Date.now() + deadlineMs;
  let last: unknown = unreachable(target.host, new Error('no attempt was made'));
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

/** Also runs a command: a machine that shuts down still accepts logins. */
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

import { runSession, type Session } from '../../clients/ssh/run-session.js';
import type { CommandContext } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { openDroplet } from './engines.js';

/** A session, and its terminal mode. */
export interface DropletSession extends Session {
  /** Sets the terminal to raw mode; returns a function that restores it. @default - nothing */
  readonly takeKeys?: (() => () => void) | undefined;
}

/**
 * The steps of `ssh`: connects to the known droplet, runs a program on it, and returns its exit code. Always
 * restores the terminal.
 *
 * @throws KitError (exit 3) `host-key-wrong`, `host-key-unknown`, `login-key-missing`, and those of ssh
 */
export async function openShell(
  { project, cluster, signal }: Pick<CommandContext, 'project' | 'cluster' | 'signal'>,
  { takeKeys, ...session }: DropletSession,
): Promise<number> {
  const connection = await openDroplet(keyDirectory(project.stateDir, cluster), signal);
  const giveBack = takeKeys?.();
  try {
    return await runSession(connection, session);
  } finally {
    giveBack?.();
    connection.close();
  }
}

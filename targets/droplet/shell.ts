import { runSession, type Session } from '../../clients/ssh/run-session.js';
import type { CommandContext } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { openDroplet } from './engines.js';

/** A session, and what is done to the terminal for as long as it lasts. */
export interface DropletSession extends Session {
  /** Takes the keys of the terminal; the result gives them back. @default - nothing */
  readonly takeKeys?: (() => () => void) | undefined;
}

/**
 * THE STORY of `ssh`: a connection to the droplet that is known, a program on it, its exit code. The
 * terminal is given back however it ends.
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

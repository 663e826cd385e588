import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, KitError } from '../../lib/errors.js';
import { MAKE_KEY, SERVE_KEY, TIDY_UP } from './host-key-scripts.js';
import { type RemoteShell, runStep } from './remote-shell.js';

/** What is known of a droplet's host keys, as `ssh-ed25519 AAAA…`. */
export interface HostKeyTrust {
  /** Its own. None before the first contact, more than one only during a switch that was cut. */
  readonly keys: readonly string[];
  /** The one of its first boot, as long as it may still show that. */
  readonly bootstrap: string | undefined;
}

/** A connection whose host key was one of those that were asked for. */
export interface PinnedShell extends RemoteShell {
  readonly hostKey: string;
  close(): void;
}

/** What {@link rotateHostKeys} takes. */
export interface HostKeyRotation<Shell extends PinnedShell = PinnedShell> {
  readonly trust: HostKeyTrust;
  /** Connects to a machine with one of these host keys, and to no other. */
  readonly connect: (hostKeys: readonly string[]) => Promise<Shell>;
  /** Writes down what is known, for good when it returns. */
  readonly record: (trust: HostKeyTrust) => Promise<void>;
  /** Removes the bootstrap key from this machine. */
  readonly dropBootstrap: (publicKey: string) => Promise<void>;
  /** For sshd to show the new key. @default 30000 */
  readonly switchTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Puts a droplet's own host key in place of the bootstrap key, which anybody on the droplet can read
 * from its user data. Gives a connection that showed a key of the droplet's own.
 *
 * It may be cut anywhere, on both sides, and goes on when it is called again, never trusting a key
 * that did not come over a pinned connection:
 *
 * | cut after | droplet shows | written down here | next time |
 * |---|---|---|---|
 * | make | bootstrap | bootstrap | tells the same key |
 * | record | bootstrap | either | tells and serves the same key |
 * | serve | own | either | connects by its own key, finishes |
 * | tidy up, drop | own | either | finishes |
 * | record | own | own | nothing to do |
 *
 * @throws KitError (exit 3) `host-key-wrong`, `host-key-not-switched`, and those of the connection
 */
export async function rotateHostKeys<Shell extends PinnedShell>(
  rotation: HostKeyRotation<Shell>,
): Promise<{ readonly shell: Shell; readonly outcome: 'already so' | 'switched' }> {
  const { trust, connect, record, dropBootstrap, signal } = rotation;
  const { bootstrap } = trust;
  if (bootstrap === undefined) return { shell: await connect(trust.keys), outcome: 'already so' };

  let shell = await connect([...trust.keys, bootstrap]);
  try {
    if (shell.hostKey === bootstrap) {
      const own = await makeKey(shell, signal);
      const keys = [...new Set([...trust.keys, own])];
      await record({ keys, bootstrap });
      await serveKey(shell, signal);
      shell.close();
      shell = await connectSwitched(rotation, own, bootstrap);
    }
    await runStep(shell, { what: 'tidying up after the host key', script: TIDY_UP, signal });
    await dropBootstrap(bootstrap);
    await record({ keys: [shell.hostKey], bootstrap: undefined });
    return { shell, outcome: 'switched' };
  } catch (error) {
    shell.close();
    throw error;
  }
}

async function makeKey(shell: RemoteShell, signal: AbortSignal | undefined): Promise<string> {
  const line = await runStep(shell, { what: 'making the host key', script: MAKE_KEY, signal });
  const key = /^ssh-ed25519 [A-Za-z0-9+/]+=*/.exec(line)?.[0];
  if (key !== undefined) return key;
  throw environmentError('droplet-step-failed', {
    path: shell.address,
    message: `the droplet told no host key but '${line}'`,
  });
}

/** sshd restarts below the connection, which may or may not survive that: the next one tells. */
async function serveKey(shell: RemoteShell, signal: AbortSignal | undefined): Promise<void> {
  try {
    await runStep(shell, { what: 'switching to the new host key', script: SERVE_KEY, signal });
  } catch (error) {
    if (!(error instanceof KitError) || error.code !== 'ssh-lost') throw error;
  }
}

/** An sshd that was only told to reread its keys may show the old one for a moment. */
async function connectSwitched<Shell extends PinnedShell>(
  { connect, switchTimeoutMs = 30_000, signal }: HostKeyRotation<Shell>,
  own: string,
  bootstrap: string,
): Promise<Shell> {
  const deadline = Date.now() + switchTimeoutMs;
  for (;;) {
    const shell = await connect([own, bootstrap]);
    if (shell.hostKey === own) return shell;
    shell.close();
    if (Date.now() > deadline) {
      throw environmentError('host-key-not-switched', {
        path: shell.address,
        message: 'sshd on the droplet still shows the host key of its first boot',
        hint: 'Run the command again; if that does not help, look at sshd’s configuration on the droplet.',
      });
    }
    await sleep(300, undefined, { signal });
  }
}

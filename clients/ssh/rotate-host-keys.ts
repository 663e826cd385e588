import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, KitError } from '../../lib/errors.js';
import { MAKE_KEY, SERVE_KEY, TIDY_UP } from './host-key-scripts.js';
import { type RemoteShell, runStep } from './remote-shell.js';

/** The known host keys of a droplet, as `ssh-ed25519 AAAA…`. */
export interface HostKeyTrust {
  /** Its own keys: none before the first contact, several only after an interrupted switch. */
  readonly keys: readonly string[];
  /** The key of its first boot, as long as the droplet may still use it. */
  readonly bootstrap: string | undefined;
}

/** A connection whose host key was one of the accepted ones. */
export interface PinnedShell extends RemoteShell {
  readonly hostKey: string;
  close(): void;
}

/** Input of {@link rotateHostKeys}. */
export interface HostKeyRotation<Shell extends PinnedShell = PinnedShell> {
  readonly trust: HostKeyTrust;
  /** Connects to a machine with one of these host keys only. */
  readonly connect: (hostKeys: readonly string[]) => Promise<Shell>;
  /** Records the known keys; they are on disk when it returns. */
  readonly record: (trust: HostKeyTrust) => Promise<void>;
  /** Removes the bootstrap key from this machine. */
  readonly dropBootstrap: (publicKey: string) => Promise<void>;
  /** Time limit for sshd to use the new key. @default 30000 */
  readonly switchTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Replaces the bootstrap key, which any process on the droplet can read from its user data, by a
 * key of the droplet's own. Returns a connection that used the own key.
 *
 * May be interrupted anywhere, on both sides; the next call continues. Never trusts a key that did
 * not come over a pinned connection:
 *
 * | interrupted after | droplet uses | recorded here | next call |
 * |---|---|---|---|
 * | make | bootstrap | bootstrap | prints the same key |
 * | record | bootstrap | either | prints and serves the same key |
 * | serve | own | either | connects with its own key, finishes |
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
    message: `the droplet printed '${line}' instead of a host key`,
  });
}

/**
 * sshd restarts, and the connection may or may not survive: the next connection shows the result.
 */
async function serveKey(shell: RemoteShell, signal: AbortSignal | undefined): Promise<void> {
  try {
    await runStep(shell, { what: 'switching to the new host key', script: SERVE_KEY, signal });
  } catch (error) {
    if (!(error instanceof KitError) || error.code !== 'ssh-lost') throw error;
  }
}

/** An sshd that only rereads its keys may use the old one for a moment. */
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
        hint: 'Run the command again; if that does not help, check sshd’s configuration on the droplet.',
      });
    }
    await sleep(300, undefined, { signal });
  }
}

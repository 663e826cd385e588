import ssh2 from 'ssh2';
import type { KitError } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { SshConnection } from './ssh-connection.js';
import { hostKeyWrong, loginRefused, unreachable } from './ssh-errors.js';

/** The machine to connect to, and how to verify it. */
export interface SshTarget {
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  /** Login key of root. */
  readonly privateKey: Secret;
  /** The right host keys, as `ssh-ed25519 AAAA…`; no other is accepted. */
  readonly hostKeys: readonly string[];
  /** Time limit of connecting and logging in together. @default 10000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Limits after which a silent peer counts as gone. */
const KEEPALIVE = { keepaliveInterval: 5000, keepaliveCountMax: 6 };

/**
 * One attempt to connect as root, without the user's ssh configuration, agent or known hosts.
 * A peer with another host key is left before it receives anything, our login key included.
 *
 * @throws KitError (exit 3) `host-key-wrong`, `ssh-login-refused`, `ssh-unreachable`
 */
export async function connectSsh(target: SshTarget): Promise<SshConnection> {
  const { host, port = 22, privateKey, hostKeys, timeoutMs = 10_000, signal } = target;
  signal?.throwIfAborted();
  const address = port === 22 ? host : `${host}:${port}`;
  const client = new ssh2.Client();
  let shown: string | undefined;
  const isRight = (key: Buffer) => {
    shown = `ssh-ed25519 ${key.toString('base64')}`;
    return hostKeys.includes(shown);
  };
  // Many attempts share one signal: each removes its listener.
  const over = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), {
        once: true,
        signal: over.signal,
      });
      client.once('ready', resolve);
      client.on('error', (error) => reject(kitErrorOf(error, address, shown, hostKeys)));
      client.once('close', () =>
        reject(unreachable(address, new Error('the peer closed the connection'))),
      );
      client.connect({
        host,
        port,
        username: 'root',
        privateKey: privateKey.reveal(),
        readyTimeout: timeoutMs,
        ...KEEPALIVE,
        algorithms: { serverHostKey: ['ssh-ed25519'] },
        hostVerifier: isRight,
      });
    });
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    over.abort();
  }
  return new SshConnection(client, address, shown ?? '');
}

function kitErrorOf(
  error: Error & { level?: string },
  address: string,
  shown: string | undefined,
  hostKeys: readonly string[],
): KitError {
  if (shown !== undefined && !hostKeys.includes(shown))
    return hostKeyWrong(address, shown, hostKeys);
  if (/no matching host key format/.test(error.message))
    return hostKeyWrong(address, undefined, hostKeys);
  if (error.level === 'client-authentication') return loginRefused(address, error);
  return unreachable(address, error);
}

import type { Engine } from '../../clients/docker/connect.js';
import { connectRemoteEngine } from '../../clients/docker/remote-engine.js';
import { connectSsh } from '../../clients/ssh/connect-ssh.js';
import { type RemoteShell, runStep } from '../../clients/ssh/remote-shell.js';
import type { SshConnection } from '../../clients/ssh/ssh-connection.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import type { Machine, MachinePlace } from '../machine.js';
import { readKnownHosts } from './keys/known-hosts.js';
import { readLoginKey } from './keys/ssh-keys.js';
import { withEvidence } from './machine/evidence.js';
import { ON_DROPLET } from './machine/places.js';

const ENGINE_MS = 5000;

/** A droplet: the kit can also run commands on it. */
export interface DropletMachine extends Machine {
  readonly shell: RemoteShell;
}

/** The droplet of a cluster, over ssh. @throws KitError (exit 3) as {@link openDroplet} does */
export async function engines(
  { keyDirectory }: MachinePlace,
  signal?: AbortSignal,
  timeoutMs = ENGINE_MS,
): Promise<readonly DropletMachine[]> {
  const connection = await openDroplet(keyDirectory, signal);
  try {
    const engine = await engineOf(connection, timeoutMs);
    return [
      {
        ...{ name: connection.address, engine, forwarder: connection, shell: connection },
        restartEngine: (limit) => restartEngine(connection, limit ?? signal),
        close: () => connection.close(),
      },
    ];
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Connects to a droplet that was contacted before, at its address of that time.
 * @throws KitError (exit 3) `host-key-unknown`, `host-key-wrong`, and those of ssh
 */
export async function openDroplet(
  keyDirectory: string,
  signal?: AbortSignal,
): Promise<SshConnection> {
  const known = await readKnownHosts(keyDirectory);
  if (known === undefined) {
    throw environmentError('host-key-unknown', {
      path: keyDirectory,
      message: 'this project has never connected to a droplet of this cluster',
      hint: 'Run `clusterkit up`; or restore the state directory of the cluster.',
    });
  }
  const { host, keys, bootstrap } = known;
  const { privateKey } = await readLoginKey(keyDirectory);
  const hostKeys = bootstrap === undefined ? keys : [...keys, bootstrap];
  return connectSsh({ host, privateKey, hostKeys, signal });
}

/** The engine of a droplet, while the connection is open. */
export const engineOf = (
  connection: Pick<SshConnection, 'address' | 'forward'>,
  timeoutMs?: number,
): Promise<Engine> =>
  connectRemoteEngine(
    { address: connection.address, dial: () => connection.forward(ON_DROPLET.engineSocket) },
    timeoutMs,
  );

/** Restarts the engine of a droplet, which has live restore: its containers keep running. */
export async function restartEngine(
  connection: Parameters<typeof engineOf>[0] & RemoteShell,
  signal?: AbortSignal,
): Promise<void> {
  const script = 'systemctl restart docker';
  await runStep(connection, { what: 'restarting the engine', script, signal });
  await awaitEngine(connection, signal);
}

/** Waits for the engine, which may start shortly after the end of the first boot. */
export async function awaitEngine(
  connection: Parameters<typeof engineOf>[0] & RemoteShell,
  signal?: AbortSignal,
): Promise<Engine> {
  try {
    return await retryUntil(() => engineOf(connection, 5000), { timeoutMs: 30_000, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw await withEvidence(error, connection, [
      ...['journalctl', '--unit', 'docker', '--lines', '20', '--no-pager'],
    ]);
  }
}

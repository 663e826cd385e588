import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import { type HostKeyTrust, rotateHostKeys } from '../../../clients/ssh/rotate-host-keys.js';
import { environmentError, KitError } from '../../../lib/errors.js';
import { readKnownHosts, writeKnownHosts } from '../keys/known-hosts.js';
import { dropBootstrapKey, readBootstrapKey, readLoginKey } from '../keys/ssh-keys.js';
import { removeUserData } from '../keys/user-data-file.js';

/** Which droplet. */
export interface DropletPlace {
  readonly keyDirectory: string;
  /** Id at DigitalOcean. */
  readonly droplet: string;
  readonly host: string;
}

/**
 * The first contact with a droplet, and any later one by the install stage: waits for ssh, and
 * replaces the host key of the first boot.
 *
 * @param onReached is called when it lets us in; again when it is lost and found again
 * @throws KitError (exit 3) `host-key-wrong`, `host-key-unknown`, and those of ssh
 */
export async function contactDroplet(
  place: DropletPlace,
  signal?: AbortSignal,
  onReached: () => void = () => {},
) {
  for (let left = CUTS_ALLOWED; ; left -= 1) {
    try {
      return await contact(place, signal, onReached);
    } catch (error) {
      if (!(error instanceof KitError) || error.code !== 'ssh-lost' || left === 0) throw error;
    }
  }
}

/** A machine that boots may cut connections: sshd restarts, or the machine does. */
const CUTS_ALLOWED = 3;

async function contact(
  place: DropletPlace,
  signal: AbortSignal | undefined,
  onReached: () => void,
) {
  const { keyDirectory, droplet, host } = place;
  const { privateKey } = await readLoginKey(keyDirectory);
  const trust = await trustIn(place);
  // Only the first wait is for a machine that boots; the second is for sshd alone.
  let successes = 3;
  const { shell, outcome } = await rotateHostKeys({
    trust,
    connect: async (hostKeys) => {
      const connection = await awaitSsh({ host, privateKey, hostKeys, signal }, { successes });
      if (successes > 1) onReached();
      successes = 1;
      return connection;
    },
    record: ({ keys, bootstrap }) =>
      writeKnownHosts(keyDirectory, {
        host,
        droplet,
        keys: [...keys],
        ...(bootstrap !== undefined && { bootstrap }),
      }),
    dropBootstrap: (publicKey) => dropBootstrapKey(keyDirectory, publicKey),
    signal,
  });
  // What a cut run made for a droplet that never came to be; and `cdktf` ends without the kit.
  const left = await readBootstrapKey(keyDirectory);
  if (left !== undefined) await dropBootstrapKey(keyDirectory, left.publicKey);
  await removeUserData(keyDirectory);
  return { connection: shell, hostKey: outcome };
}

/** What is known is known of one droplet: another one shows the key that its user data gave it. */
async function trustIn({ keyDirectory, droplet, host }: DropletPlace): Promise<HostKeyTrust> {
  const known = await readKnownHosts(keyDirectory);
  if (known?.droplet === droplet) return { keys: known.keys, bootstrap: known.bootstrap };
  const bootstrap = await readBootstrapKey(keyDirectory);
  if (bootstrap !== undefined) return { keys: [], bootstrap: bootstrap.publicKey };
  throw environmentError('host-key-unknown', {
    path: host,
    message: `no host key of droplet ${droplet} is in the key store, so nobody can tell it from a stranger`,
    hint: 'Bring back the state directory that it was made with, or take the cluster down and up again.',
  });
}

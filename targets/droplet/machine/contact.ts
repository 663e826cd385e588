import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import { type HostKeyTrust, rotateHostKeys } from '../../../clients/ssh/rotate-host-keys.js';
import { environmentError, KitError } from '../../../lib/errors.js';
import { readKnownHosts, writeKnownHosts } from '../keys/known-hosts.js';
import { dropBootstrapKey, readBootstrapKey, readLoginKey } from '../keys/ssh-keys.js';
import { removeUserData } from '../keys/user-data-file.js';

/** Identifies a droplet. */
export interface DropletPlace {
  readonly keyDirectory: string;
  /** Id at DigitalOcean. */
  readonly droplet: string;
  readonly host: string;
}

/**
 * The first connection to a droplet, and every later one by the install stage: waits for ssh, and replaces
 * the host key of the first boot.
 *
 * @param onReached called after a login; again after each reconnection
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

/** A booting machine may drop connections, because sshd or the machine restarts. */
const CUTS_ALLOWED = 3;

async function contact(
  place: DropletPlace,
  signal: AbortSignal | undefined,
  onReached: () => void,
) {
  const { keyDirectory, droplet, host } = place;
  const { privateKey } = await readLoginKey(keyDirectory);
  const trust = await trustIn(place);
  // The first wait is for a booting machine, the second for sshd only.
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
  // Left over from an interrupted run without a droplet, or from `cdktf`, which does not clean up.
  const left = await readBootstrapKey(keyDirectory);
  if (left !== undefined) await dropBootstrapKey(keyDirectory, left.publicKey);
  await removeUserData(keyDirectory);
  return { connection: shell, hostKey: outcome };
}

/** Known host keys are for one droplet; a new droplet uses the key from its user data. */
async function trustIn({ keyDirectory, droplet, host }: DropletPlace): Promise<HostKeyTrust> {
  const known = await readKnownHosts(keyDirectory);
  if (known?.droplet === droplet) return { keys: known.keys, bootstrap: known.bootstrap };
  const bootstrap = await readBootstrapKey(keyDirectory);
  if (bootstrap !== undefined) return { keys: [], bootstrap: bootstrap.publicKey };
  throw environmentError('host-key-unknown', {
    path: host,
    message: `no host key of droplet ${droplet} is in the key store, so the kit cannot verify it`,
    hint: 'Restore the state directory of the cluster, or run `down` and `up`.',
  });
}

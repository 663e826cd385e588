import { apiAccess } from '../../../clients/digitalocean/access.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { readTemplate } from '../../../lib/template-file.js';
import type { BootInputs } from '../../../stacks/droplet/cluster-stack.js';
import { readKnownHosts } from '../keys/known-hosts.js';
import {
  dropBootstrapKey,
  ensureSshKeys,
  readBootstrapKey,
  readLoginKey,
} from '../keys/ssh-keys.js';
import { removeUserData, userDataFile, writeUserData } from '../keys/user-data-file.js';
import type { DropletSettings } from '../settings.js';
import { operatorSources } from './operator-address.js';
import { renderCloudInit, swapMbFor } from './render-cloud-init.js';

/** Boot inputs, and their removal when no droplet was created. */
export interface PreparedBoot {
  readonly boot: BootInputs;
  /** Removes the user data; and its host key, unless that existed before, because a droplet may use it. */
  clear(droplet: 'made' | 'not made'): Promise<void>;
}

/** Creates a droplet's boot inputs: keys in the key store, and the user data beside them. */
export async function prepareBoot(
  settings: DropletSettings,
  stateDir: string,
  operator: readonly string[],
): Promise<PreparedBoot> {
  const keys = keyDirectory(stateDir, settings.name);
  // An existing droplet accepts one login key only, so a new one would be useless.
  if ((await readKnownHosts(keys)) !== undefined) await readLoginKey(keys);
  const before = await readBootstrapKey(keys);
  const { login, bootstrapHost } = await ensureSshKeys(keys);
  const text = renderCloudInit(await readTemplate('cloud-init.yaml'), {
    cluster: settings.name,
    bootstrapHostKey: bootstrapHost,
    loginPublicKey: login.publicKey,
    swapMb: swapMbFor(settings.size),
    marker: settings.name,
  });
  await writeUserData(keys, text);
  return {
    boot: { loginPublicKey: login.publicKey, userDataFile: userDataFile(keys), operator },
    clear: async (droplet) => {
      await removeUserData(keys);
      if (droplet === 'not made' && before === undefined) {
        await dropBootstrapKey(keys, bootstrapHost.publicKey);
      }
    },
  };
}

/** Placeholders for the keys of a droplet, for a stack that is only planned. */
export const placeholderBoot = (
  { name }: Pick<DropletSettings, 'name'>,
  stateDir: string,
  operator: readonly string[],
  loginPublicKey = NO_KEY,
): BootInputs => ({
  loginPublicKey,
  userDataFile: userDataFile(keyDirectory(stateDir, name)),
  operator,
});

/** Placeholder sources, for a stack that opens no port. */
export const NOBODY = ['127.0.0.1/32'];

/** Placeholder for a public key. */
const NO_KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;

/**
 * The addresses of the operator, when the settings lack sources; else none are needed.
 * @throws KitError `source-unknown`, `source-invalid` (exit 2)
 */
export async function operatorOf(
  settings: Pick<DropletSettings, 'ssh' | 'management'>,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  if (settings.ssh !== undefined && settings.management !== undefined) return [];
  return operatorSources({ flags, env, apiUrl: apiAccess(env).url });
}

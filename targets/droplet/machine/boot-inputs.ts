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
import { renderCloudInit } from './render-cloud-init.js';
import { swapMbFor } from './swap-size.js';

/** Boot inputs, and what removes them where no droplet was made. */
export interface PreparedBoot {
  readonly boot: BootInputs;
  /** The user data goes; its host key too, unless it was there before, and a droplet may show it. */
  clear(droplet: 'made' | 'not made'): Promise<void>;
}

/** Makes what a droplet boots with: keys in the key store, its user data beside them. */
export async function prepareBoot(
  settings: DropletSettings,
  stateDir: string,
  operator: readonly string[],
): Promise<PreparedBoot> {
  const keys = keyDirectory(stateDir, settings.name);
  // A droplet that was set up knows one login key; with another one nobody would come in.
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

/** Stands in for the keys of a droplet, where a stack is only planned. */
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

/** Sources where nothing will be opened: any would do. */
export const NOBODY = ['127.0.0.1/32'];

/** Nobody's. */
const NO_KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`;

/**
 * The addresses of the operator, where the settings do not name all sources; else none is needed.
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

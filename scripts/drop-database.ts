import type { Api } from '../lib/digitalocean/api.js';
import { removeKitObjects } from '../lib/digitalocean/remove-objects.js';
import { removeManagedLogin } from '../lib/keys/managed-login.js';
import type { StageInput } from '../lib/stage-input.js';
import { ownAccountObjects } from './sweep-droplet.js';

/**
 * The end of a managed database, with all its data: at a destroy, where nobody said that it is to be
 * kept. Gone already is done.
 *
 * @returns how many went
 * @throws KitError `token-scopes`, `account-not-cleared` (exit 3); those of the API
 */
export async function dropDatabase(
  input: StageInput<'drop-database'>,
  api: Api,
  signal?: AbortSignal,
): Promise<number> {
  const own = await ownAccountObjects(api, input);
  const databases = own.filter(({ kind }) => kind === 'database');
  await removeKitObjects(api, databases, { signal, unusedTags: 'kept' });
  await removeManagedLogin(input.keyDirectory);
  return databases.length;
}

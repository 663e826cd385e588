import type { Api } from '../../../clients/digitalocean/api.js';
import { removeManagedLogin } from '../keys/managed-login.js';
import { removeKitObjects } from './remove-objects.js';
import { type AccountCluster, ownAccountObjects } from './sweep.js';

/**
 * The end of a managed database, with all its data: at a destroy, where nobody said that it is to be
 * kept. Gone already is done.
 *
 * @returns how many went
 * @throws KitError `token-scopes`, `account-not-cleared` (exit 3); those of the API
 */
export async function dropDatabase(
  input: AccountCluster,
  api: Api,
  signal?: AbortSignal,
): Promise<number> {
  const own = await ownAccountObjects(api, input);
  const databases = own.filter(({ kind }) => kind === 'database');
  await removeKitObjects(api, databases, { signal, unusedTags: 'kept' });
  await removeManagedLogin(input.keyDirectory);
  return databases.length;
}

import type { Api } from '../../../clients/digitalocean/api.js';
import { removeManagedLogin } from '../keys/managed-login.js';
import { removeKitObjects } from './remove-objects.js';
import { type AccountCluster, ownAccountObjects } from './sweep.js';

/**
 * Deletes a managed database with all its data, at a destroy without `--keep-data`. Does nothing when it is
 * already gone.
 *
 * @returns number of deleted databases
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

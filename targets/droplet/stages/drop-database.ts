import type { Api } from '../../../clients/digitalocean/api.js';
import type { StageInput } from '../../common/stages/input.js';
import { removeKitObjects } from '../account/remove-objects.js';
import { removeManagedLogin } from '../keys/managed-login.js';
import { ownAccountObjects } from './sweep.js';

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

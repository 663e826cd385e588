import type { Api } from '../../../clients/digitalocean/api.js';
import type { StageContext } from '../../common/stages/stage.js';

/** API of the account that Terraform's provider uses too: both read the same variables. */
export async function accountApi({ env, signal }: StageContext): Promise<Api> {
  const { apiAccess } = await import('../../../clients/digitalocean/access.js');
  const { openApi } = await import('../../../clients/digitalocean/api.js');
  return openApi(apiAccess(env), { signal });
}

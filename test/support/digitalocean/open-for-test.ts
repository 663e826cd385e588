import { type Api, type ApiBounds, openApi } from '../../../clients/digitalocean/api.js';
import { Secret } from '../../../lib/secret.js';
import { apiForTest } from './api/api-for-test.js';
import { type ApiOptions, TEST_TOKEN } from './api/server.js';

/** A fake account that ends with the running test, opened by the kit's own client. */
export async function openForTest(options: ApiOptions = {}, bounds: ApiBounds = {}) {
  const fake = await apiForTest(options);
  const access = { url: fake.api.url, token: new Secret(TEST_TOKEN) };
  const open = (more: ApiBounds = {}): Api =>
    openApi(access, { pauseMs: 1, timeoutMs: 5000, ...bounds, ...more });
  return { ...fake, access, open, client: open() };
}

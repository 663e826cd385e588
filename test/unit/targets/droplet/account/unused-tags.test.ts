import { expect, test } from 'vitest';
import { unusedAmong } from '../../../../../targets/droplet/account/unused-tags.js';
import { dropletBody } from '../../../../support/digitalocean/api/api-for-test.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';

test('of the user’s tags, those that nothing has any more', async () => {
  const { client, call, api } = await openForTest();
  await call('POST', '/v2/droplets', dropletBody({ tags: ['team:blue'] }));
  await call('POST', '/v2/tags', { name: 'production' });
  await call('POST', '/v2/tags', { name: 'of-others' });
  expect(await unusedAmong(client, ['team:blue', 'production', 'never-made'])).toEqual([
    'production',
  ]);
  const asked = api.requests.length;
  expect(await unusedAmong(client, [])).toEqual([]);
  expect(api.requests).toHaveLength(asked);
});

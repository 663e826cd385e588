import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const api = join(import.meta.dirname, '../../support/digitalocean/api');
const PUBLIC_KEY = `ssh-rsa ${Buffer.from('\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01').toString('base64')} ck-test`;

const hasGo = (() => {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasGo)('the official client goes through the life of a cluster', async () => {
  const drive = join(await temporaryDirectory(), 'drive');
  await execa('go', ['build', '-o', drive, '.'], { cwd: join(api, 'godo') });
  const { api: fake } = await apiForTest();
  // Its retries meet one of each: after them it must not know that anything was wrong.
  for (const [index, status] of ([429, 500, 503] as const).entries()) {
    const misfortune = { status, retryAfterSeconds: 0 };
    fake.faults.add({ path: '/v2/account', nth: index + 1, with: misfortune });
  }
  fake.faults.add({ method: 'DELETE', path: '/v2/firewalls/*', with: 'reset' });
  const { stdout } = await execa(drive, [fake.url, PUBLIC_KEY], {
    env: { DIGITALOCEAN_TOKEN: TEST_TOKEN },
  });
  expect(JSON.parse(stdout)).toEqual({
    dropletLimit: 10,
    priceMonthly: 12,
    image: 'Debian',
    new: 'new',
    later: 'active',
    address: '203.0.113.10',
    attached: 1,
    firewall: 'succeeded',
    assign: 'completed',
    inProject: 3,
    powerCycle: 'completed',
    projectInUse: 412,
    volumeInUse: 409,
    addressInUse: 422,
    requestID: true,
    detach: 'completed',
    gone: true,
    postgres: ['14', '15', '16', '17'],
    smallest: 'db-s-1vcpu-1gb',
    databaseNew: 'creating',
    databaseLater: 'online',
    login: 'doadmin',
    password: true,
    engine: 'pg 15',
    listed: 1,
    carries: 2,
    trusted: 'tag clusterkit',
    rules: 2,
    dbs: 2,
    authority: true,
    databaseGone: true,
  });
  expect(fake.requests.slice(0, 4).map(({ outcome }) => outcome)).toEqual([429, 500, 503, 200]);
  expect(fake.objects()).toEqual([]);
});

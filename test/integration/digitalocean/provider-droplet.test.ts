import { describe, expect, test } from 'vitest';
import { MINIMAL, USER_DATA, USER_DATA_SHA1 } from './provider-stack.js';
import { account, valuesOf, workspace } from './provider-workspace.js';

describe('a droplet', () => {
  test('costs these calls', async () => {
    const { api, provider } = await account();
    const { use, init, apply, destroy } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    const made = calls(api.requests);
    expect(made).toEqual([
      'POST /v2/account/keys 201',
      'GET /v2/account/keys/# 200',
      'GET /v2/account/keys/# 200',
      'POST /v2/droplets 202',
      'GET /v2/droplets/# 200',
    ]);
    await destroy();
    expect(calls(api.requests).slice(made.length)).toEqual([
      'GET /v2/account/keys/# 200',
      'GET /v2/droplets/# 200',
      'GET /v2/droplets/# 200',
      'DELETE /v2/droplets/# 204',
      'GET /v2/droplets/# 404',
      'DELETE /v2/account/keys/# 204',
    ]);
  });

  test('is replaced for another image, region, user_data, key or monitoring', async () => {
    const { provider } = await account();
    const { use, init, plan, apply } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    for (const droplet of [
      { image: 'debian-12-x64' },
      { region: 'ams3' },
      { userData: '#cloud-config\nhostname: second\n' },
      { sshKeys: ['1'] },
      { monitoring: false },
    ]) {
      await use({ provider, ...MINIMAL, droplet });
      expect(await plan(), JSON.stringify(droplet)).toEqual(['replace droplet.droplet']);
    }
    await use({ provider, ...MINIMAL, droplet: { region: 'FRA1' } });
    expect(await plan()).toEqual([]);
  });

  test('has its user_data in the plan, and only a hash of it in the state', async () => {
    const { provider } = await account();
    const { use, init, good, run, apply } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await good('plan', '-out=plan', '-input=false');
    const plan = JSON.parse(await good('show', '-json', 'plan'));
    expect(JSON.stringify(plan.configuration)).toContain(JSON.stringify(USER_DATA).slice(1, -1));
    expect(JSON.stringify(plan.planned_values)).toContain(USER_DATA_SHA1);
    await apply();
    const { stdout } = await run('state', 'pull');
    expect(stdout).not.toContain('hostname');
    expect(stdout).toContain(USER_DATA_SHA1);
  });

  test('is adopted by its id', async () => {
    const { api, provider } = await account();
    const { use, init, good, plan, apply, destroy } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    for (const { type, id } of api.objects().filter(({ type }) => type !== 'tag')) {
      const address = `digitalocean_${type}.${type === 'droplet' ? 'droplet' : 'key'}`;
      await good('state', 'rm', address);
      await good('import', '-input=false', address, id);
    }
    // As with the real one: what the API does not tell is unknown to the import.
    expect(await plan()).toEqual(['replace droplet.droplet']);
    await destroy();
    expect(api.objects().filter(({ type }) => type !== 'tag')).toEqual([]);
  });

  test('gets backups in place, and gives them up', async () => {
    const { provider } = await account();
    const { use, init, plan, apply, state } = await workspace();
    const policy = { plan: 'weekly', weekday: 'MON', hour: 4 };
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    await use({ provider, ...MINIMAL, droplet: { backups: true, backupPolicy: policy } });
    await apply();
    expect(await plan()).toEqual([]);
    expect(valuesOf(await state(), 'digitalocean_droplet.droplet').backups).toBe(true);
    await use({ provider, ...MINIMAL });
    await apply();
    expect(valuesOf(await state(), 'digitalocean_droplet.droplet').backups).toBe(false);
  });
});

const calls = (requests: readonly { method: string; path: string; outcome: unknown }[]) =>
  requests.map(
    ({ method, path, outcome }) => `${method} ${path.replace(/\d{3,}/, '#')} ${outcome}`,
  );
